package main

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// report is all that a run has found out.
type report struct {
	Date        time.Time
	Machine     machine
	Small       bool
	Connections int
	Seconds     float64 // that each measure lasted
	Databases   []databaseFigures
}

// machine is what the figures depend on.
type machine struct {
	CPU       string
	Cores     int
	MemoryGiB float64
	System    string
	Go        string
	Load      float64 // average of a minute when the benchmark began: what else was running
}

type databaseFigures struct {
	Database string
	Version  string
	Measures []figures
}

// milliseconds are rounded to what the figures are good for.
type milliseconds float64

func inMilliseconds(d time.Duration) milliseconds {
	return milliseconds(math.Round(d.Seconds()*1e6) / 1e3)
}

// figures are what was measured of one thing.
type figures struct {
	Name      string
	Requests  int     // or deliveries
	PerSecond float64 // requests, or deliveries
	P50       milliseconds
	P99       milliseconds
	Max       milliseconds
	Bytes     int     // of an answer or message, on average
	PeakMiB   float64 // most memory of the server while it was measured

	Floor *floorFigures `json:",omitempty"` // of a read

	Events     int          `json:",omitempty"` // of a delivery: how many were delivered to everybody
	FromAnswer milliseconds `json:",omitempty"` // of a delivery: median time since the change was answered
}

// floorFigures are those of the floor that was measured in turns with a read.
type floorFigures struct {
	PerSecond float64
	P50       milliseconds
	P99       milliseconds
	// Ratio is the API's throughput over the floor's; Low and High are the least and
	// the greatest of the single turns.
	Ratio, Low, High float64
}

func newFigures(name string, s sample, peak int64) figures {
	n := len(s.latencies)
	return figures{
		Name: name, Requests: n, PerSecond: round(s.perSecond(), 1),
		P50: inMilliseconds(s.percentile(0.5)), P99: inMilliseconds(s.percentile(0.99)), Max: inMilliseconds(s.percentile(1)),
		Bytes: int(s.bytes / int64(max(1, n))), PeakMiB: round(float64(peak)/(1<<20), 1),
	}
}

func (f *figures) compare(floor sample, ratios []float64) {
	f.Floor = &floorFigures{
		PerSecond: round(floor.perSecond(), 1), P50: inMilliseconds(floor.percentile(0.5)), P99: inMilliseconds(floor.percentile(0.99)),
		Ratio: round(f.PerSecond/floor.perSecond(), 3), Low: round(slices.Min(ratios), 3), High: round(slices.Max(ratios), 3),
	}
}

func round(v float64, digits int) float64 {
	shift := math.Pow(10, float64(digits))
	return math.Round(v*shift) / shift
}

func newReport(s settings) *report {
	return &report{Date: now().UTC().Truncate(time.Second), Machine: thisMachine(), Small: s.small, Connections: s.connections, Seconds: s.length.Seconds()}
}

func thisMachine() machine {
	kib, load := 0.0, 0.0
	_, _ = fmt.Sscan(fieldOf("/proc/meminfo", "MemTotal"), &kib) // unknown stays 0
	averages, _ := os.ReadFile("/proc/loadavg")
	_, _ = fmt.Sscan(string(averages), &load)
	return machine{
		CPU: cmp.Or(fieldOf("/proc/cpuinfo", "model name"), "unknown"), Cores: runtime.NumCPU(),
		MemoryGiB: round(kib/(1<<20), 1), System: runtime.GOOS + "/" + runtime.GOARCH, Go: runtime.Version(), Load: load,
	}
}

// fieldOf returns the first value of a name in a file of "name: value" lines, "" if
// there is none.
func fieldOf(file, name string) string {
	content, err := os.ReadFile(file)
	if err != nil {
		return ""
	}
	lines := bufio.NewScanner(bytes.NewReader(content))
	for lines.Scan() {
		if key, value, ok := strings.Cut(lines.Text(), ":"); ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

var columns = []string{"measure", "per second", "p50 ms", "p99 ms", "max ms", "bytes", "server MiB", "floor per second", "floor p50 ms", "ratio", "(turns)"}

// cells are a measure's line of the table.
func (f figures) cells() []string {
	cells := []string{f.Name, perSecond(f.PerSecond), "", "", "", "", fmt.Sprintf("%.0f", f.PeakMiB)}
	if f.Max > 0 { // they were asked for one by one
		copy(cells[2:], []string{fmt.Sprintf("%.2f", f.P50), fmt.Sprintf("%.2f", f.P99), fmt.Sprintf("%.1f", f.Max), fmt.Sprint(f.Bytes)})
	}
	if f.Floor == nil {
		return append(cells, "", "", "", "")
	}
	return append(cells, perSecond(f.Floor.PerSecond), fmt.Sprintf("%.2f", f.Floor.P50), fmt.Sprintf("%.2f", f.Floor.Ratio),
		fmt.Sprintf("%.2f–%.2f", f.Floor.Low, f.Floor.High))
}

// perSecond shows rates that are low by a digit more.
func perSecond(rate float64) string {
	if rate < 10 {
		return fmt.Sprintf("%.1f", rate)
	}
	return fmt.Sprintf("%.0f", rate)
}

// writeTable prints the figures of a database for people.
func (r *report) writeTable(w io.Writer, d databaseFigures) error {
	fmt.Fprintf(w, "\n%s, %d connections, %gs each\n\n", d.Version, r.Connections, r.Seconds)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, strings.Join(columns, "\t"))
	for _, f := range d.Measures {
		fmt.Fprintln(t, strings.Join(f.cells(), "\t"))
	}
	return t.Flush()
}

func (r *report) writeFiles(s settings) error {
	var errs []error
	if s.jsonFile != "" {
		body, err := json.MarshalIndent(r, "", "\t")
		if err == nil {
			err = os.WriteFile(s.jsonFile, append(body, '\n'), 0o644)
		}
		errs = append(errs, err)
	}
	if s.resultsFile != "" {
		errs = append(errs, os.WriteFile(s.resultsFile, r.markdown(s), 0o644))
	}
	return errors.Join(errs...)
}

// markdown is the page of the figures.
func (r *report) markdown(s settings) []byte {
	var b bytes.Buffer
	which, n := "the whole data set", s.size
	if s.small {
		which = "**the small data set**, a hundredth: good for a quick look, not for conclusions"
	}
	fmt.Fprintf(&b, "# Results\n\nAs they are, of %s. [README.md](README.md) says what is measured and how.\n\n", which)
	fmt.Fprintf(&b, "- %s, %d cores, %.1f GiB of memory, shared by the server, its plugins, the database, the floor and the benchmark itself\n", r.Machine.CPU, r.Machine.Cores, r.Machine.MemoryGiB)
	fmt.Fprintf(&b, "- a load average of %.1f when the benchmark began: what is far above 0 was other work, which the figures suffer from\n", r.Machine.Load)
	fmt.Fprintf(&b, "- %s, %s, %s\n", r.Machine.System, r.Machine.Go, r.Date.Format(time.DateOnly))
	fmt.Fprintf(&b, "- %d departments, %d staff, %d customers, %d cases, %d entries, %d inspections, %d answers\n", n.Departments, n.Staff, n.Customers, n.Cases,
		n.Cases*entriesEach, n.Inspections, n.Inspections*answersEach)
	fmt.Fprintf(&b, "- %d connections, %g seconds for each measure and as long for its floor\n", r.Connections, r.Seconds)
	for _, d := range r.Databases {
		fmt.Fprintf(&b, "\n## %s\n\n| %s |\n|---|%s\n", d.Version, strings.Join(columns, " | "), strings.Repeat("---:|", len(columns)-1))
		for _, f := range d.Measures {
			fmt.Fprintf(&b, "| %s |\n", strings.Join(f.cells(), " | "))
		}
		fmt.Fprintln(&b)
		for _, f := range d.Measures {
			if f.Events > 0 {
				fmt.Fprintf(&b, "- %s: %d events, half of the deliveries within %.2f ms of the answer to the change\n", f.Name, f.Events, f.FromAnswer)
			}
		}
	}
	return b.Bytes()
}
