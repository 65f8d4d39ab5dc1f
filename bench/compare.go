package main

import (
	"encoding/json"
	"fmt"
	"reflect"
	"time"

	"github.com/google/uuid"

	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// compared is how many of a measure's requests are compared.
const compared = 20

// sameAnswers checks that the API and the floor answer requests with the same data.
func sameAnswers(api, floor *client, toAPI, toFloor [][]byte) error {
	for i := 0; i < len(toAPI); i += max(1, len(toAPI)/compared) {
		a, err := api.query(toAPI[i])
		if err != nil {
			return fmt.Errorf("asking the API: %w", err)
		}
		f, err := floor.post(toFloor[i])
		if err != nil {
			return fmt.Errorf("asking the floor: %w", err)
		}
		fromAPI, err := plain(a)
		if err != nil {
			return fmt.Errorf("reading the API's answer: %w", err)
		}
		fromFloor, err := plain(f)
		if err != nil {
			return fmt.Errorf("reading the floor's answer: %w", err)
		}
		if !reflect.DeepEqual(fromAPI, fromFloor) {
			return fmt.Errorf("the API and the floor answer differently:\nAPI   %.2000s\nfloor %.2000s", a, f)
		}
	}
	return nil
}

// plain returns the data of an answer with ids and times in one form, for either
// may write them as it likes, and without the API's cursors.
func plain(answer []byte) (any, error) {
	var envelope struct{ Data any }
	err := json.Unmarshal(answer, &envelope)
	return plainValue(envelope.Data), err
}

func plainValue(v any) any {
	switch v := v.(type) {
	case map[string]any:
		delete(v, "endCursor")
		for name, member := range v {
			v[name] = plainValue(member)
		}
	case []any:
		for i, element := range v {
			v[i] = plainValue(element)
		}
	case string:
		return plainText(v)
	}
	return v
}

func plainText(s string) string {
	if u, ok := outsideID(s); ok {
		return u.String()
	}
	if u, err := uuid.Parse(s); err == nil {
		return u.String()
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02 15:04:05.999999999-07:00"} {
		if at, err := time.Parse(layout, s); err == nil {
			return at.UTC().Format(time.RFC3339Nano)
		}
	}
	return s
}

// outsideID reads the API's form of the ids that the measured answers hold.
func outsideID(s string) (id, bool) {
	switch typeid.Prefix(s) {
	case "case":
		u, ok := typeid.Parse[typeid.CaseID](s)
		return id(u), ok
	case "cust":
		u, ok := typeid.Parse[typeid.CustomerID](s)
		return id(u), ok
	case "dept":
		u, ok := typeid.Parse[typeid.DepartmentID](s)
		return id(u), ok
	case "dl":
		u, ok := typeid.Parse[typeid.DeadlineID](s)
		return id(u), ok
	case "entry":
		u, ok := typeid.Parse[typeid.CaseEntryID](s)
		return id(u), ok
	case "staff":
		u, ok := typeid.Parse[typeid.StaffID](s)
		return id(u), ok
	case "insp":
		u, ok := typeid.Parse[typeid.InspectionID](s)
		return id(u), ok
	case "ans":
		u, ok := typeid.Parse[typeid.AnswerID](s)
		return id(u), ok
	default:
		return id{}, false
	}
}
