package events_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/dbtest"
	"github.com/seed-34fcb60d/rounds/events"
)

// writerEnv makes the test binary a server that writes to the database it names.
const writerEnv = "ROUNDS_TEST_WRITER"

func inWriterProcess() bool { return os.Getenv(writerEnv) != "" }

// writeUntilKilled commits numbered events, running the log beside, and prints each
// number after its commit.
func writeUntilKilled() {
	ctx := ent.AsSystem(context.Background())
	d, err := ent.Open(ctx, ent.Config{URL: os.Getenv(writerEnv)})
	if err != nil {
		panic(err)
	}
	log := events.New(events.Config{Database: d})
	go func() { panic(log.Run(ctx)) }()
	for n := 0; ; n++ {
		err := ent.WithTx(ctx, d.Client, func(tx *db.Tx) error {
			_, err := log.Append(ctx, tx, numbered(n))
			return err
		})
		if err != nil {
			panic(err)
		}
		fmt.Println(n)
	}
}

// A server is killed at any moment: between commit and cursor, in the middle of
// putting events in order, between that and delivery. A reader elsewhere gets each
// event that was committed, once and in order.
func TestAServerIsKilled(t *testing.T) {
	killed := func(t *testing.T, address string) {
		d := dbtest.Open(t, address)
		leakFree(t)
		log := running(t, events.Config{Database: d, Idle: 20 * time.Millisecond})
		reader := subscribe(t, log, events.Subscription{})
		cursor := events.Cursor(0)
		random := rand.New(rand.NewPCG(3, 3))
		for range 4 {
			committed := killedWriter(t, address, 20+random.IntN(200))
			for n := range committed + 1 {
				expect(t, reader, cursor, n)
				cursor++
			}
			// It may have committed more than it came to print.
			end := sequenced(t, d, log, numbered(-1))
			for n := committed + 1; cursor < end-1; n++ {
				expect(t, reader, cursor, n)
				cursor++
			}
			expect(t, reader, cursor, -1)
			cursor++
		}
		if report, err := events.Verify(t.Context(), d, nil); err != nil || report.Break != nil {
			t.Errorf("Verify = %+v, %v", report, err)
		}
	}
	t.Run("sqlite", func(t *testing.T) { killed(t, t.TempDir()+"/rounds.db") })
	t.Run("postgres", func(t *testing.T) { killed(t, dbtest.PostgresURL(t)) })
}

// killedWriter runs a writer, kills it after so many commits and returns the last
// number that it printed.
func killedWriter(t *testing.T, address string, commits int) (last int) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	writer := exec.CommandContext(within(t), self)
	writer.Env = append(os.Environ(), writerEnv+"="+address)
	writer.Stderr = os.Stderr
	out, err := writer.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := writer.Start(); err != nil {
		t.Fatal(err)
	}
	last = -1
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if last, err = strconv.Atoi(lines.Text()); err != nil {
			t.Errorf("the writer said %q", lines.Text())
		}
		if last == commits {
			if err := writer.Process.Kill(); err != nil {
				t.Error(err)
			}
		}
	}
	if err := writer.Wait(); err == nil || last < commits {
		t.Errorf("the writer ended by itself (%v) after %d commits", err, last+1)
	}
	return last
}
