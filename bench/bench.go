package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// bench is a server and a floor on one database, and who asks them.
type bench struct {
	settings
	store  *store
	stderr io.Writer

	binary        string // of the server
	server, floor *process
	manager       person // of the largest departments

	executive, officer, managerToken string // access tokens
}

// start starts the server and the floor.
func (b *bench) start(ctx context.Context, binary string) (err error) {
	b.binary = binary
	set := b.store.set
	b.manager = set.first("DEPARTMENT_MANAGER")
	for token, p := range map[*string]person{&b.executive: set.first("EXECUTIVE"), &b.officer: set.first("QUALITY_OFFICER"), &b.managerToken: b.manager} {
		if *token, err = b.store.token(ctx, binary, p); err != nil {
			return err
		}
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	if b.server, err = b.store.startServer(ctx, binary); err != nil {
		return err
	}
	if err = awaitReady(ctx, b.server.addr); err == nil {
		b.floor, err = startProcess(ctx, self, floorCommand, "-database", b.store.url, "-keys", filepath.Join(b.store.serverDir(), "keys"))
	}
	if err != nil {
		return errors.Join(fmt.Errorf("starting: %w", err), b.server.stop())
	}
	if err := b.awaitIndexed(ctx); err != nil {
		return errors.Join(err, b.stop())
	}
	return nil
}

// awaitIndexed waits until the server has made all cases findable by their texts,
// work that would stand in the way of whatever is measured meanwhile.
func (b *bench) awaitIndexed(ctx context.Context) error {
	known := "case_search"
	if b.store.name == sqliteName {
		known = "case_search_rows"
	}
	p, asked := newProgress(b.stderr, b.store.name+": indexing texts", b.store.set.Cases), now()
	defer p.finish()
	return poll(ctx, time.Hour, func() (bool, error) {
		if now().Sub(asked) < time.Second { // counting takes from the server what it needs for it
			return p.done > 0 && p.done >= p.total, nil
		}
		asked = now()
		var err error
		if p.total, err = b.store.count(ctx, "cases"); err != nil {
			return false, err
		}
		found, err := b.store.count(ctx, known)
		p.add(found - p.done)
		return p.done >= p.total, err
	})
}

func (b *bench) stop() error { return errors.Join(b.floor.stop(), b.server.stop()) }

// measure is one thing to measure, which may give several figures.
type measure struct {
	name string
	run  func(context.Context) ([]figures, error)
}

func (b *bench) measures() []measure {
	var all []measure
	for _, r := range b.reads() {
		all = append(all, measure{r.name, func(ctx context.Context) ([]figures, error) { return b.measureRead(ctx, r) }})
	}
	return append(all,
		measure{"figures by month with all times", func(ctx context.Context) ([]figures, error) {
			return b.measureFigures(ctx, "figures by month with all times", b.executive)
		}},
		measure{"manager: figures by month with all times", func(ctx context.Context) ([]figures, error) {
			return b.measureFigures(ctx, "manager: figures by month with all times", b.managerToken)
		}},
		measure{"opening a case", func(ctx context.Context) ([]figures, error) {
			return b.measureOpening(ctx, "opening a case", b.executive)
		}},
		measure{"manager: opening a case", func(ctx context.Context) ([]figures, error) {
			return b.measureOpening(ctx, "manager: opening a case", b.managerToken)
		}},
		measure{"dispatching a case", b.measureDispatching},
		measure{"completing an inspection", b.measureCompleting},
		measure{"deadlines that are missed and escalated", b.measureDue},
		measure{"importing cases with customers", b.measureImport},
		measure{"delivery", b.measureDelivery},
	)
}

// rounds is how many times the API and the floor take turns.
const rounds = 4

// warmUp is how long something runs before it is measured.
func (b *bench) warmUp() time.Duration { return b.length / 5 }

// compare compares a sample of the answers with the floor's, over connections of its
// own: others would be closed by the server while they wait.
func (b *bench) compare(ctx context.Context, r read, toAPI, toFloor [][]byte) error {
	api, err := dial(ctx, b.server.addr, "/graphql", r.token)
	if err != nil {
		return err
	}
	defer api.close()
	floor, err := dial(ctx, b.floor.addr, "/"+r.floor, "")
	if err != nil {
		return err
	}
	defer floor.close()
	_, _ = api.query(toAPI[0]) // what it reads may have to come from the disk first, for longer than the server allows
	return sameAnswers(api, floor, toAPI, toFloor)
}

// measureRead measures an operation in turns with its floor, so that both meet the
// same noise.
func (b *bench) measureRead(ctx context.Context, r read) ([]figures, error) {
	args, err := r.arguments(ctx)
	if err != nil {
		return nil, err
	}
	if len(args) == 0 {
		return nil, errors.New("there is nothing in the data to ask for")
	}
	toAPI, toFloor := make([][]byte, len(args)), make([][]byte, len(args))
	for i, a := range args {
		if toAPI[i], toFloor[i], err = r.bodies(a); err != nil {
			return nil, err
		}
	}
	if err := b.compare(ctx, r, toAPI, toFloor); err != nil {
		return nil, err
	}
	connections := b.connections
	if r.busy() {
		connections = min(connections, runtime.NumCPU())
	}
	api, err := dialAll(ctx, connections, b.server.addr, "/graphql", r.token)
	if err != nil {
		return nil, err
	}
	defer closeAll(api)
	floor, err := dialAll(ctx, connections, b.floor.addr, "/"+r.floor, "")
	if err != nil {
		return nil, err
	}
	defer closeAll(floor)
	ask := func(send func(*client, []byte) ([]byte, error), bodies [][]byte) func(*client, int) (int, error) {
		return func(c *client, n int) (int, error) {
			answer, err := send(c, bodies[n%len(bodies)])
			return len(answer), err
		}
	}
	turn := func(length time.Duration) (a, f sample, err error) {
		if a, err = closedLoop(ctx, api, length, ask((*client).query, toAPI)); err == nil {
			f, err = closedLoop(ctx, floor, length, ask((*client).post, toFloor))
		}
		return a, f, err
	}
	if _, _, err := turn(b.warmUp()); err != nil {
		return nil, err
	}
	if err := b.server.resetPeak(); err != nil {
		return nil, err
	}
	var all, allFloor sample
	var ratios []float64
	for range rounds {
		a, f, err := turn(b.length / rounds)
		if err != nil {
			return nil, err
		}
		all.add(a)
		allFloor.add(f)
		ratios = append(ratios, a.perSecond()/f.perSecond())
	}
	out, err := b.figures(r.name, all)
	out.compare(allFloor, ratios)
	return []figures{out}, err
}

// figures are those of a sample, with the server's memory since the last reset.
func (b *bench) figures(name string, s sample) (figures, error) {
	peak, err := b.server.peakMemory()
	return newFigures(name, s, peak), err
}
