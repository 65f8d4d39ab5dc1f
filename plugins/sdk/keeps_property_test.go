package sdk_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/seed-34fcb60d/rounds/plugins/sdk"
	"github.com/seed-34fcb60d/rounds/plugins/sdk/sdktest"
)

// Whatever an author defines that is valid, a department keeps all that a plugin must
// keep. What the checks would find wrong with it would be a mistake in one of the two.
func TestADepartmentKeepsWhatEveryPluginMust(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := &sdk.Department{ID: "test", Version: "1.0.0", Name: sdk.T("Test", "测试"), Sheets: []sdk.Sheet{{Definition: drawDefinition(t)}}}
		for _, r := range sdktest.Run(t.Context(), d, sdktest.Options{}) {
			if !r.OK {
				t.Errorf("%s: %+v", r.Check, r.Mistakes)
			}
		}
	})
}
