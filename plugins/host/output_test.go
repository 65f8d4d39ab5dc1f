package host

import (
	"bufio"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"
)

func TestParseLine(t *testing.T) {
	for line, want := range map[string]string{
		`{"@level":"warn","@message":"full","@timestamp":"now","rooms":3}`: `warn full {"rooms":3}`,
		`{"@level":"panic","@message":"over"}`:                             `error over {}`,
		`{"@level":"trace","@message":""}`:                                 `trace  {}`,
		`{"@level":"loud","@message":"x"}`:                                 ``,
		`{"@level":"","@message":"x"}`:                                     ``,
		`{"@level":"disabled","@message":"x"}`:                             ``,
		`{"@level":"99","@message":"x"}`:                                   ``,
		`{"@level":5,"@message":"x"}`:                                      ``,
		`{"@level":"info","@message":null}`:                                ``,
		`{"message":"x"}`:                                                  ``,
		`null`:                                                             ``,
		`plain text`:                                                       ``,
		``:                                                                 ``,
	} {
		got := ""
		if level, text, fields, ok := parseLine(line); ok {
			got = level.String() + " " + text + " " + string(fields)
		}
		if got != want {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
}

// Whatever a plugin prints becomes lines of JSON, each of bounded length.
func FuzzOutput(f *testing.F) {
	f.Add(`{"@level":"info","@message":"x","a":[1,{"b":null}]}` + "\n\xff\x00\x1b[31m\r\n")
	f.Add("panic: at the disco\n\ngoroutine 1 [running]:\n")
	f.Add(strings.Repeat("long", maxLine))
	f.Fuzz(func(t *testing.T, printed string) {
		var log strings.Builder
		var dropped dropped
		o := newOutput(zerolog.New(&log), &dropped)
		o.drain("stderr", bufio.NewReaderSize(strings.NewReader(printed), maxLine))
		o.flush()
		for line := range strings.Lines(log.String()) {
			if !json.Valid([]byte(line)) || len(line) > 7*maxLine {
				t.Errorf("logged %d bytes: %s", len(line), line)
			}
		}
	})
}

// A crash is an error to the log, with all that follows; before it, lines without
// a level are not worth more than debug.
func TestOutputOfCrash(t *testing.T) {
	var log strings.Builder
	var dropped dropped
	o := newOutput(zerolog.New(&log), &dropped)
	o.drain("stderr", bufio.NewReaderSize(strings.NewReader("hello\npanic: oh\n\tmain.go:5\n"), maxLine))
	var levels []string
	for line := range strings.Lines(log.String()) {
		var entry struct{ Level string }
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			t.Fatal(err)
		}
		levels = append(levels, entry.Level)
	}
	if got := strings.Join(levels, " "); got != "debug error error" {
		t.Errorf("levels %s", got)
	}
}

// What is above the limit is dropped, counted, and reported once.
func TestOutputLimit(t *testing.T) {
	var log strings.Builder
	var dropped dropped
	o := newOutput(zerolog.New(&log), &dropped)
	const lines = 100_000
	o.drain("stdout", bufio.NewReaderSize(strings.NewReader(strings.Repeat("line\n", lines)), maxLine))
	o.flush()
	logged := strings.Count(log.String(), `"text":"line"`)
	if logged < lineBurst || logged > 2*lineBurst || uint64(logged)+dropped.lines.Load() != lines {
		t.Errorf("%d logged and %d dropped of %d", logged, dropped.lines.Load(), lines)
	}
	if !strings.Contains(log.String(), "lines were dropped") {
		t.Error("the log doesn't say that lines were dropped")
	}
}

// Long lines are cut off, no more than a second's bytes are logged at once, and what
// is lost is counted to the byte.
func TestOutputBytes(t *testing.T) {
	var log strings.Builder
	var dropped dropped
	o := newOutput(zerolog.New(&log), &dropped)
	const lines, length = 200, 20 << 10
	began := time.Now()
	o.drain("stdout", bufio.NewReaderSize(strings.NewReader(strings.Repeat(strings.Repeat("x", length-1)+"\n", lines)), maxLine))
	took := time.Since(began)
	logged := uint64(strings.Count(log.String(), "x") - strings.Count(log.String(), `"text"`))
	if allowed := bytesPerSecond * (1 + took.Seconds()); logged < bytesPerSecond-maxLine || float64(logged) > allowed {
		t.Errorf("%d bytes were logged in %v", logged, took)
	}
	if logged+dropped.bytes.Load() != lines*length {
		t.Errorf("%d bytes logged and %d dropped of %d", logged, dropped.bytes.Load(), lines*length)
	}
}
