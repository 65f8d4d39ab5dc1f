package sdk_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/sdk"
)

func TestDepartment(t *testing.T) {
	department := &sdk.Department{ID: "desk", Version: "1.0.0", Name: sdk.T("Desk", "前台"), Sheets: []sdk.Sheet{{Definition: desk()}}}
	var plugin checklist.Checklist = department
	got, err := plugin.Describe(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := checklist.Description{Plugin: "desk", Version: "1.0.0", Name: sdk.T("Desk", "前台"), Checklists: []checklist.Definition{desk()},
		Capabilities: []checklist.Capability{checklist.CanAdjust, checklist.CanBatch, checklist.CanCheck, checklist.CanUpgrade}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("description (-want +got):\n%s", diff)
	}
	judgement, err := plugin.Judge(t.Context(), inspect())
	if err != nil || !judgement.Passed {
		t.Errorf("judgement passed = %v, error %v; want passed", judgement.Passed, err)
	}
	_, err = plugin.Judge(t.Context(), checklist.Inspection{Checklist: "desk.night"})
	if codes := problems(t, err); codes != "UNKNOWN_CHECKLIST" {
		t.Errorf("problems of an unknown checklist = %q", codes)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := plugin.Judge(ended, inspect()); !errors.Is(err, context.Canceled) {
		t.Errorf("error after the end of ctx = %v, want context.Canceled", err)
	}
	department.Version = "1"
	if _, err := plugin.Describe(t.Context()); len(mistakes(t, err)) != 1 {
		t.Errorf("describing an invalid department: %v, want one mistake", err)
	}
}
