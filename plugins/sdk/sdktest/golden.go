package sdktest

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/sdk"
)

// GoldenInspection is what a golden file holds, in JSON: an inspection with the
// judgement, or the refusal, that it had when it was written.
type GoldenInspection struct {
	Inspection checklist.Inspection `json:"inspection"`
	Judgement  *checklist.Judgement `json:"judgement,omitempty"`
	Problems   []checklist.Problem  `json:"problems,omitempty"`
}

// The flag is for the tests of a plugin, and not for programs that this package is
// part of.
func init() {
	if testing.Testing() && flag.Lookup("update") == nil {
		flag.Bool("update", false, "write the golden inspections as they are judged now")
	}
}

// Golden judges every inspection in dir, such as "testdata/golden", again: each file
// (*.json) is a [GoldenInspection]. A judgement that has changed fails the test: it
// is a mistake, or the version has to be raised.
//
// With the flag -update the files are written as the plugin judges now. In a folder
// that is not there or empty that makes one file of good answers for each
// checklist, and one of each item that fails alone.
func Golden(t testing.TB, c checklist.Checklist, dir string) {
	t.Helper()
	if update := flag.Lookup("update"); update != nil && update.Value.String() == "true" {
		if err := writeGolden(t.Context(), c, dir); err != nil {
			t.Fatal(err)
		}
		return
	}
	e := newExaminer(c, Options{Golden: dir})
	checkGolden(t.Context(), e)
	for _, m := range e.current.Mistakes {
		t.Errorf("%s: %s", m.Path, m.Text.EN)
	}
}

// checkGolden judges what is in the folder again.
func checkGolden(ctx context.Context, e *examiner) {
	if e.options.Golden == "" {
		e.skip(sdk.T("No folder of golden inspections is named", "未指定基准检查文件夹"))
		return
	}
	files, err := filepath.Glob(filepath.Join(e.options.Golden, "*.json"))
	if err == nil && len(files) == 0 {
		err = errors.New("there are no golden inspections; go test . -update writes some")
	}
	if err != nil {
		e.mistake(e.options.Golden, err.Error(), err.Error())
		return
	}
	for _, file := range files {
		golden, err := readGolden(file)
		if err != nil {
			e.mistake(file, err.Error(), err.Error())
			continue
		}
		now, err := e.judgeGolden(ctx, golden.Inspection)
		if err != nil {
			e.failed(file, err)
		} else if diff := difference(golden, now); diff != "" {
			e.mistake(file, "is judged differently now: "+diff, "判定与先前不同："+diff)
		}
	}
}

func readGolden(file string) (g GoldenInspection, err error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return g, err
	}
	if err := json.Unmarshal(data, &g); err != nil {
		return g, fmt.Errorf("no golden inspection: %w", err)
	}
	return g, nil
}

// judgeGolden takes a refusal for an answer as good as a judgement.
func (e *examiner) judgeGolden(ctx context.Context, in checklist.Inspection) (GoldenInspection, error) {
	j, err := e.ask(ctx, e.plugin, in)
	if problems := problemsOf(err); problems != nil {
		return GoldenInspection{Inspection: in, Problems: problems}, nil
	}
	return GoldenInspection{Inspection: in, Judgement: &j}, err
}

// writeGolden judges what is in the folder, or what there is to begin with, and
// keeps it.
func writeGolden(ctx context.Context, c checklist.Checklist, dir string) error {
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return err
	}
	inspections := map[string]checklist.Inspection{}
	for _, file := range files {
		golden, err := readGolden(file)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		inspections[file] = golden.Inspection
	}
	if len(files) == 0 {
		description, err := c.Describe(ctx)
		if err != nil {
			return err
		}
		for _, def := range description.Checklists {
			for _, p := range newSubject(def).probes {
				name := def.ID
				if p.item.ID != "" {
					name += "." + p.item.ID
				}
				inspections[filepath.Join(dir, name+".json")] = p.in
			}
		}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	e := newExaminer(c, Options{})
	for file, in := range inspections {
		golden, err := e.judgeGolden(ctx, in)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		data, err := json.MarshalIndent(golden, "", "  ")
		if err != nil {
			return err
		}
		if err := os.WriteFile(file, append(data, '\n'), 0o644); err != nil {
			return err
		}
	}
	return nil
}
