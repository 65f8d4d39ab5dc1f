package host

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A host that requires the sandbox does not run without all of it; any other tells
// what is missing.
func TestRequireSandbox(t *testing.T) {
	lacking := &sandbox{}
	lacking.require(true, noFilter)
	lacking.require(false, noNetwork)
	for _, required := range []bool{false, true} {
		h, err := New(Config{RequireSandbox: required})
		if err != nil {
			t.Fatal(err)
		}
		if err := h.reportSandbox(); err != nil {
			t.Errorf("before anything is known: %v", err)
		}
		h.box.Store(lacking)
		if err := h.reportSandbox(); (err != nil) != required {
			t.Errorf("required %v: %v", required, err)
		}
		if diff := cmp.Diff([]Unenforced{noNetwork}, h.Unenforced()); diff != "" {
			t.Errorf("missing (-want +got):\n%s", diff)
		}
	}
}
