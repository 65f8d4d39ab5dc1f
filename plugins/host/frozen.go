package host

import (
	"bytes"
	"encoding/json"
	"reflect"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
)

// frozen is a definition in the form in which records keep it.
type frozen struct {
	form  []byte               // JSON
	again checklist.Definition // as it is read from there
}

func freeze(definitions []checklist.Definition) (map[string]frozen, error) {
	all := make(map[string]frozen, len(definitions))
	for _, def := range definitions {
		form, err := json.Marshal(def)
		if err != nil {
			return nil, err
		}
		f := frozen{form: form}
		if err := json.Unmarshal(form, &f.again); err != nil {
			return nil, err
		}
		all[def.ID] = f
	}
	return all, nil
}

// is reports whether a definition is this one. One that was read from a record is
// compared without being written again, which would take longer than the call.
func (f frozen) is(def checklist.Definition) bool {
	if reflect.DeepEqual(def, f.again) {
		return true
	}
	form, err := json.Marshal(def)
	return err == nil && bytes.Equal(form, f.form)
}
