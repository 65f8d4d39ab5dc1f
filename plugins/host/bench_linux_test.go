package host_test

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/seed-34fcb60d/rounds/plugins/host"
	"github.com/seed-34fcb60d/rounds/plugins/host/internal/badplugin"
)

// BenchmarkJudge is one call of a plugin process with TLS: one at a time, many at
// once, and one of 30 items beside a bare gRPC call with the same messages.
func BenchmarkJudge(b *testing.B) {
	dir, err := os.MkdirTemp("", "rb")
	if err != nil {
		b.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o711); err != nil { // a plugin's own account has to come to its folder
		b.Fatal(err)
	}
	h, err := host.New(host.Config{Plugins: []host.Plugin{plugin("desk", "good")}, TempDir: dir})
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(b.Context())
	ended := make(chan error, 1)
	go func() { ended <- h.Run(ctx) }()
	defer func() {
		cancel()
		if err := <-ended; err != nil {
			b.Error(err)
		}
	}()
	wait, done := context.WithTimeout(b.Context(), 20*time.Second)
	defer done()
	if err := h.WaitReady(wait); err != nil {
		b.Fatal(err)
	}
	def, in := badplugin.Definition("desk", "good"), badplugin.Inspection("desk", "good")
	b.Run("one", func(b *testing.B) {
		for b.Loop() {
			if _, err := h.Judge(ctx, "desk", def, in); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("many", func(b *testing.B) {
		b.SetParallelism(8)
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				if _, err := h.Judge(ctx, "desk", def, in); err != nil {
					b.Error(err)
				}
			}
		})
	})
	thirty, of30 := fromRecord(b, badplugin.Definition("desk", "thirty")), badplugin.Inspection("desk", "thirty")
	b.Run("thirty", func(b *testing.B) {
		for b.Loop() {
			if _, err := h.Judge(ctx, "desk", thirty, of30); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("bare", func(b *testing.B) {
		bare := bareCall(b)
		for b.Loop() {
			if err := bare(); err != nil {
				b.Fatal(err)
			}
		}
	})
}
