package sdktest_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/sdk"
	"github.com/seed-34fcb60d/rounds/plugins/sdk/sdktest"
)

// updating writes golden files, as the flag -update does.
func updating(t *testing.T, c checklist.Checklist, dir string) string {
	if err := flag.Set("update", "true"); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = flag.Set("update", "false") }()
	return reports(t, func(t testing.TB) { sdktest.Golden(t, c, dir) })
}

func TestGolden(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "golden")
	golden := func(c checklist.Checklist) string {
		return reports(t, func(t testing.TB) { sdktest.Golden(t, c, dir) })
	}
	if golden(office()) == "" {
		t.Error("a folder that is not there is no mistake")
	}
	if got := updating(t, office(), dir); got != "" {
		t.Fatalf("writing golden inspections: %s", got)
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var written []string
	for _, f := range files {
		written = append(written, f.Name())
	}
	want := []string{"office.cases.done.json", "office.cases.fast.json", "office.cases.how.json", "office.cases.json", "office.cases.late.json",
		"office.cases.proof.json", "office.cases.tone.json", "office.cases.wait.json"}
	if !slices.Equal(written, want) {
		t.Errorf("written %q, want %q", written, want)
	}
	if got := golden(office()); got != "" {
		t.Errorf("judged as before, but reported: %s", got)
	}

	stricter := office()
	stricter.Sheets[0].Sections[0].Items[1].Weight = 2
	if got := golden(stricter); !strings.Contains(got, filepath.Join(dir, "office.cases.fast.json")+": ") {
		t.Errorf("another weight is reported as %q", got)
	}
	if got := updating(t, stricter, dir) + golden(stricter); got != "" {
		t.Errorf("after -update: %s", got)
	}
}

// A refusal is as good a golden answer as a judgement, and a file that holds neither
// is reported.
func TestGoldenRefusals(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "open.json")
	if err := os.WriteFile(file, []byte(`{"inspection": {"checklist": "office.cases", "answers": []}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := updating(t, office(), dir); got != "" {
		t.Fatal(got)
	}
	if got := reports(t, func(t testing.TB) { sdktest.Golden(t, office(), dir) }); got != "" {
		t.Errorf("a refusal as before is reported: %s", got)
	}
	lenient := office()
	for i := range lenient.Sheets[0].Sections[0].Items {
		sdk.Optional()(&lenient.Sheets[0].Sections[0].Items[i])
	}
	lenient.Sheets[0].Sections[0].Items[0].Key = false
	if got := reports(t, func(t testing.TB) { sdktest.Golden(t, lenient, dir) }); !strings.Contains(got, file) {
		t.Errorf("a refusal that became a judgement is reported as %q", got)
	}
	if err := os.WriteFile(file, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := reports(t, func(t testing.TB) { sdktest.Golden(t, office(), dir) }); !strings.Contains(got, file) {
		t.Errorf("a broken file is reported as %q", got)
	}
}
