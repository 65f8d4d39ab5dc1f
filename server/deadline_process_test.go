package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/caseentry"
	"github.com/seed-34fcb60d/rounds/ent/db/escalation"
	"github.com/seed-34fcb60d/rounds/ent/db/event"
	"github.com/seed-34fcb60d/rounds/ent/db/servicecase"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/ent/dbtest"
	"github.com/seed-34fcb60d/rounds/quality"
)

// trial is how servers are tried.
type trial struct {
	promises int           // to customers, each a deadline of its own
	jumped   int           // of these, how many are due within the hour that the clock is moved by
	calm     time.Duration // between two disturbances
	stopped  time.Duration // how long a server stands still
	limit    time.Duration // for all of it to be done
}

// latest is how late a deadline may be carried out, after it came or after whatever
// kept a server from it was over.
const latest = 5 * time.Second

func trialOf() trial {
	if os.Getenv("ROUNDS_SOAK") != "" {
		return trial{10_000, 500, 10 * time.Second, time.Minute, 10 * time.Minute}
	}
	return trial{60, 20, time.Second, 2 * time.Second, 2 * time.Minute}
}

// Deadlines are carried out once each, in time, whatever becomes of the servers: they
// are killed and started again, one stands still and goes on, and the clock is moved by
// an hour. Three servers share one PostgreSQL; SQLite has one.
func TestDeadlinesOutliveTheirServers(t *testing.T) {
	for name, with := range map[string]struct {
		servers int
		url     func() string
	}{"sqlite": {1, func() string { return "" }}, "postgres": {3, func() string { return dbtest.PostgresURL(t) }}} {
		t.Run(name, func(t *testing.T) {
			d := newDisturbance(t, trialOf(), with.url())
			for range with.servers {
				d.servers = append(d.servers, d.start())
			}
			d.clock.run(t)
			d.wait(d.calm)
			d.kill(0)
			d.wait(d.calm)
			goOn := d.stop(with.servers - 1)
			d.wait(d.stopped / 2)
			if with.servers > 1 {
				d.kill(0)
			}
			d.wait(d.stopped / 2)
			goOn()
			d.wait(d.calm)
			d.jump(time.Hour)
			within(t, d.limit, "all deadlines have been carried out", func() bool {
				return d.db.Escalation.Query().CountX(d.ctx) >= 2*d.promises
			})
			d.check()
		})
	}
}

// disturbance is a company whose customers were promised something, and what happens to
// the servers that watch over it.
type disturbance struct {
	trial
	*testing.T
	ctx      context.Context
	db       *ent.Database
	clock    *movingClock
	args     []string
	servers  []*process
	troubles []trouble
}

// trouble is a time in which servers could not do their work.
type trouble struct{ from, to time.Time }

func newDisturbance(t *testing.T, of trial, url string) *disturbance {
	t.Helper()
	d := &disturbance{trial: of, T: t, ctx: ent.AsSystem(t.Context())}
	dir := t.TempDir()
	d.clock = &movingClock{path: filepath.Join(dir, "clock"), began: time.Now(), base: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}
	d.clock.write(t)
	d.args = []string{"--data-dir", dir, "--test-clock", d.clock.path}
	set := settings{DataDir: dir, TestClock: d.clock.path, LogLevel: "warn"}
	if url != "" {
		set.DatabaseURL = url
		d.args = append(d.args, "--database-url", url)
	}
	c, err := (&session{ctx: t.Context(), settings: set, stdout: io.Discard, stderr: io.Discard}).openCore(false)
	if err != nil {
		t.Fatal(err)
	}
	d.db = c.db
	t.Cleanup(func() {
		if err := c.db.Close(); err != nil {
			t.Error(err)
		}
	})
	d.promise(c)
	return d
}

// promise promises something to customers: most of it for the time in which the servers
// are disturbed, the rest for the hour after.
func (d *disturbance) promise(c *core) {
	d.Helper()
	if _, err := c.quality.FirstAdministrator(d.ctx); err != nil {
		d.Fatal(err)
	}
	admin := c.db.Staff.Query().Where(staff.RoleEQ(staff.RoleADMINISTRATOR)).OnlyX(d.ctx)
	ctx := ent.WithViewer(d.Context(), ent.Viewer{Role: admin.Role, Staff: admin.ID, Site: admin.SiteID})
	running, done := context.WithCancel(d.Context())
	var log sync.WaitGroup
	log.Go(func() { _ = c.events.Run(running) }) // ends when it is told to
	defer log.Wait()
	defer done()
	busy := 3*d.calm + d.stopped
	var of *db.ServiceCase
	for n := range d.promises {
		if n%4 == 0 {
			opened, err := c.quality.OpenCase(ctx, quality.OpenCase{Kind: servicecase.KindINQUIRY, Channel: servicecase.ChannelEMAIL,
				Severity: servicecase.SeverityMINOR, Subject: "Promised"})
			if err != nil {
				d.Fatal(err)
			}
			of = opened.Object
		}
		at := d.clock.base.Add(time.Second + busy*time.Duration(n)/time.Duration(d.promises))
		if n >= d.promises-d.jumped {
			at = d.clock.base.Add(busy + 5*time.Minute + time.Duration(n)*time.Millisecond)
		}
		if _, err := c.quality.PromiseCase(ctx, quality.PromiseCase{CaseID: of.ID, At: at, What: "A word"}); err != nil {
			d.Fatal(err)
		}
	}
}

func (d *disturbance) start() *process { return startServer(d.T, d.args...) }

// wait lets time pass.
func (d *disturbance) wait(span time.Duration) {
	until := time.Now().Add(span)
	within(d.T, span+time.Minute, "time passes", func() bool { return time.Now().After(until) })
}

// kill ends a server at once, wherever it is, and starts another in its place.
func (d *disturbance) kill(n int) {
	from := d.clock.now()
	if err := d.servers[n].cmd.Process.Kill(); err != nil {
		d.Fatal(err)
	}
	<-d.servers[n].ended
	d.servers[n] = d.start()
	d.troubles = append(d.troubles, trouble{from, d.clock.now()})
}

// stop lets a server stand still, with all that it has in hand, until it is told to go on.
func (d *disturbance) stop(n int) (goOn func()) {
	from, pid := d.clock.now(), d.servers[n].cmd.Process.Pid
	if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
		d.Fatal(err)
	}
	return func() {
		if err := syscall.Kill(pid, syscall.SIGCONT); err != nil {
			d.Fatal(err)
		}
		d.troubles = append(d.troubles, trouble{from, d.clock.now()})
	}
}

// jump moves the clock.
func (d *disturbance) jump(by time.Duration) {
	from := d.clock.now()
	d.clock.move(d.T, by)
	d.troubles = append(d.troubles, trouble{from, d.clock.now()})
}

// check fails for what was missed, was doubled, or came early or late.
func (d *disturbance) check() {
	steps, late := map[string]int{}, 0
	kinds := map[escalation.Kind]int{}
	for _, e := range d.db.Escalation.Query().AllX(d.ctx) {
		steps[fmt.Sprint(e.DeadlineID, e.Step)]++
		kinds[e.Kind]++
		by := e.PlannedAt
		for _, of := range d.troubles {
			if !e.PlannedAt.Before(of.from.Add(-time.Second)) && e.PlannedAt.Before(of.to.Add(latest)) && of.to.After(by) {
				by = of.to
			}
		}
		if e.FiredAt.Before(e.PlannedAt) || e.FiredAt.After(by.Add(latest)) {
			if late++; late < 10 {
				d.Errorf("planned at %v, carried out at %v", e.PlannedAt, e.FiredAt)
			}
		}
	}
	if want := map[escalation.Kind]int{escalation.KindMISSED: d.promises, escalation.KindESCALATION: d.promises}; !cmp.Equal(want, kinds) || len(steps) != 2*d.promises || late > 0 {
		d.Errorf("%v of %d deadlines, %d steps, %d late", kinds, d.promises, len(steps), late)
	}
	for kind, action := range map[string]caseentry.Action{"case.deadlineMissed": caseentry.ActionMISSED, "case.escalated": caseentry.ActionESCALATED} {
		told, lines := d.db.Event.Query().Where(event.Kind(kind)).CountX(d.ctx), d.db.CaseEntry.Query().Where(caseentry.ActionEQ(action)).CountX(d.ctx)
		if told != d.promises || lines != d.promises {
			d.Errorf("%d events %s and %d lines, want %d of each", told, kind, lines, d.promises)
		}
	}
}

// movingClock keeps a file that tells servers a time: it goes as fast as the real one,
// and can be moved.
type movingClock struct {
	path string
	base time.Time // what it told when it began

	writing sync.Mutex

	mu    sync.Mutex
	began time.Time
	ahead time.Duration
}

func (c *movingClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.base.Add(time.Since(c.began) + c.ahead)
}

// run lets the clock go from its beginning until the test ends.
func (c *movingClock) run(t *testing.T) {
	c.mu.Lock()
	c.began = time.Now()
	c.mu.Unlock()
	ended := make(chan struct{})
	ticker := time.NewTicker(50 * time.Millisecond)
	go func() {
		defer close(ended)
		for {
			select {
			case <-t.Context().Done():
				return
			case <-ticker.C:
				c.write(t)
			}
		}
	}()
	t.Cleanup(func() {
		ticker.Stop()
		<-ended
	})
}

func (c *movingClock) move(t *testing.T, by time.Duration) {
	c.mu.Lock()
	c.ahead += by
	c.mu.Unlock()
	c.write(t)
}

// write puts the time into the file's place at once, so that nobody reads half of it.
func (c *movingClock) write(t *testing.T) {
	c.writing.Lock()
	defer c.writing.Unlock()
	next := c.path + ".next"
	err := os.WriteFile(next, []byte(c.now().Format(time.RFC3339Nano)), 0o600)
	if err := errors.Join(err, os.Rename(next, c.path)); err != nil {
		t.Error(err)
	}
}
