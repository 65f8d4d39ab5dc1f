package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

const monthsQuery = `query ($from: Date!, $to: Date!) { caseStatistics(from: $from, to: $to, interval: MONTH, timeZone: "UTC") {
	from opened resolved openAtEnd inTime { count of }
	firstResponse { p50 p90 p95 } acceptance { p50 p90 p95 } resolution { p50 p90 p95 } countedTime { p50 p90 p95 } } }`

// measureFigures measures how long somebody waits for figures of everything, who is
// the only one to ask.
func (b *bench) measureFigures(ctx context.Context, name, token string) ([]figures, error) {
	spans, err := b.spans(ctx)
	if err != nil {
		return nil, err
	}
	c, err := dial(ctx, b.server.addr, "/graphql", token)
	if err != nil {
		return nil, err
	}
	defer c.close()
	ask := func(c *client, n int) (int, error) {
		answer, err := c.query(operationBody(monthsQuery, spans[n%len(spans)].variables))
		return len(answer), err
	}
	if _, err := closedLoop(ctx, []*client{c}, b.warmUp(), ask); err != nil {
		return nil, err
	}
	if err := b.server.resetPeak(); err != nil {
		return nil, err
	}
	s, err := closedLoop(ctx, []*client{c}, b.length, ask)
	if err != nil {
		return nil, err
	}
	out, err := b.figures(name, s)
	return []figures{out}, err
}

// measureDue measures how fast the server carries out what deadlines ask for: it
// marks each as missed and escalates it once. They come due all at once, as after a
// pause of all servers.
func (b *bench) measureDue(ctx context.Context) ([]figures, error) {
	customers, err := b.customersOf(ctx)
	if err != nil {
		return nil, err
	}
	w, err := newWriter(ctx, b, customers, 1)
	if err != nil {
		return nil, err
	}
	defer w.close()
	run := func(atMost int) (sample, int, error) {
		count, err := b.store.makeDue(ctx, atMost)
		if err != nil || count == 0 {
			return sample{}, 0, errors.Join(err, errors.New("no deadline could be made due"))
		}
		began := now()
		if _, err := w.open(w.clients[0]); err != nil { // its event wakes the watch
			return sample{}, 0, err
		}
		err = poll(ctx, 10*time.Minute, func() (bool, error) {
			left, err := b.store.count(ctx, "deadlines WHERE next_alert_at <= $1", b.store.timeText(began))
			return left == 0, err
		})
		return sample{took: now().Sub(began)}, count, err
	}
	warm, count, err := run(100)
	if err != nil {
		return nil, err
	}
	if err := b.server.resetPeak(); err != nil {
		return nil, err
	}
	all, count, err := run(int(math.Ceil(float64(count) / warm.took.Seconds() * b.length.Seconds())))
	if err != nil {
		return nil, err
	}
	return b.batch("deadlines that are missed and escalated", all.took, count)
}

// makeDue lets deadlines of open major cases come due now, and returns how many.
func (t *store) makeDue(ctx context.Context, atMost int) (count int, err error) {
	found, err := t.ids(ctx, fmt.Sprintf(`SELECT d.id FROM deadlines d JOIN cases c ON c.id = d.case_id
		WHERE d.target = 'RESOLUTION' AND d.ended_at IS NULL AND c.open AND c.severity = 'MAJOR' ORDER BY d.id LIMIT %d`, atMost))
	if err != nil {
		return 0, err
	}
	at := now()
	began := at.Add(-dueIn["MAJOR"])
	err = ent.WithTx(ent.AsSystem(ctx), t.db.Client, func(tx *db.Tx) error {
		for _, one := range found {
			id := typeid.DeadlineID(one)
			// What was told of it in an earlier run is told anew.
			if _, err := tx.ExecContext(ctx, "DELETE FROM escalations WHERE deadline_id = $1", id); err != nil {
				return err
			}
			err := tx.Deadline.UpdateOneID(id).SetState("RUNNING").SetSegmentAt(began).SetDueAt(at).SetStep(1).SetNextAlertAt(at).Exec(ent.AsSystem(ctx))
			if err != nil {
				return err
			}
		}
		return nil
	})
	return len(found), err
}

// importMapping says how the rows of importFile become cases.
const importMapping = `site: {code: harbour-hotel}
times: {zone: UTC, layouts: ["2006-01-02T15:04:05Z07:00"]}
case: {externalId: "{no}", kind: COMPLAINT, channel: TELEPHONE, severity: MINOR, status: OPEN, subject: "{subject}", description: "{said}", openedAt: "{at}"}
customer: {name: "{name}", phone: "{phone}"}
`

// measureImport measures the import of cases, each with a customer of its own, by a
// process beside the server.
func (b *bench) measureImport(ctx context.Context) (_ []figures, err error) {
	dir, err := os.MkdirTemp("", "rounds-bench-import-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	mapping := filepath.Join(dir, "mapping.yaml")
	if err := os.WriteFile(mapping, []byte(importMapping), 0o600); err != nil {
		return nil, err
	}
	run := func(rows int) (time.Duration, error) {
		file := filepath.Join(dir, "cases.csv")
		if err := b.store.set.importFile(file, rows); err != nil {
			return 0, err
		}
		cmd := exec.CommandContext(ctx, b.binary, b.store.serverArgs("import", "cases", "--map", mapping, file)...)
		began := now()
		if out, err := cmd.CombinedOutput(); err != nil {
			return 0, fmt.Errorf("%w\n%s", err, out)
		}
		return now().Sub(began), nil
	}
	const some = 500
	warm, err := run(some)
	if err != nil {
		return nil, err
	}
	if err := b.server.resetPeak(); err != nil {
		return nil, err
	}
	rows := int(math.Ceil(some / warm.Seconds() * b.length.Seconds()))
	took, err := run(rows)
	if err != nil {
		return nil, err
	}
	return b.batch("importing cases with customers", took, rows)
}

// importFile writes new cases as another system would hand them over.
func (d *dataset) importFile(path string, rows int) (err error) {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	w := csv.NewWriter(file)
	series := now().UnixNano()                                            // external ids are unique
	_ = w.Write([]string{"no", "at", "subject", "said", "name", "phone"}) // told by Error
	for n := range rows {
		at := dataEnd.Add(time.Duration(n) * time.Second)
		_ = w.Write([]string{fmt.Sprintf("%d-%d", series, n), at.Format(time.RFC3339), d.sentence(subjects, 30), d.sentence(said, 200), d.name(),
			"+8613" + strconv.FormatInt(100_000_000+(series/1000+int64(n))%900_000_000, 10)})
	}
	w.Flush()
	return w.Error()
}

// batch are the figures of work that was not asked for one by one.
func (b *bench) batch(name string, took time.Duration, count int) ([]figures, error) {
	peak, err := b.server.peakMemory()
	return []figures{{Name: name, Requests: count, PerSecond: round(float64(count)/took.Seconds(), 1), PeakMiB: round(float64(peak)/(1<<20), 1)}}, err
}
