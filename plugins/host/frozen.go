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

// definitions are those that a plugin has described, by id.
type definitions map[string]frozen

func freeze(all []checklist.Definition) (*definitions, error) {
	d := make(definitions, len(all))
	for _, def := range all {
		form, err := json.Marshal(def)
		if err != nil {
			return nil, err
		}
		f := frozen{form: form}
		if err := json.Unmarshal(form, &f.again); err != nil {
			return nil, err
		}
		d[def.ID] = f
	}
	return &d, nil
}

// have reports whether a definition is among them. Nil has none.
func (d *definitions) have(def checklist.Definition) bool {
	if d == nil {
		return false
	}
	f, known := (*d)[def.ID]
	return known && f.is(def)
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
