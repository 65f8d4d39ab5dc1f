package host

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"
	"golang.org/x/time/rate"
)

// What a plugin may write to the log, by stream. More is dropped and counted.
const (
	maxLine        = 8 << 10 // bytes
	linesPerSecond = 50
	lineBurst      = 200
	bytesPerSecond = 1 << 20
)

// What of a plugin's output is read, by stream, in bytes: far more than is logged,
// and so little at once that the server hardly notices. A plugin that prints faster
// has to wait.
const (
	readPerSecond = 16 << 20
	readBurst     = 512 << 10
)

// output writes what one plugin process prints to the server's log. All of it is
// read, whatever becomes of it, so that the plugin never blocks on a full pipe.
type output struct {
	logger  zerolog.Logger
	dropped *dropped

	mu      sync.Mutex
	pending uint64 // dropped lines that the log has not been told of
	crashed bool   // a panic's first line went by: what follows is its trace
}

// dropped counts what all processes of a plugin printed in vain. A line that was cut
// off counts with the bytes that were lost.
type dropped struct{ lines, bytes atomic.Uint64 }

func newOutput(logger zerolog.Logger, dropped *dropped) *output {
	return &output{logger: logger, dropped: dropped}
}

// drain reads r to its end. Each stream has a limit of its own, so that what is
// printed by mistake doesn't drown what is logged.
func (o *output) drain(stream string, r *bufio.Reader) {
	lines, text := rate.NewLimiter(linesPerSecond, lineBurst), rate.NewLimiter(bytesPerSecond, bytesPerSecond)
	reading := rate.NewLimiter(readPerSecond, readBurst)
	for {
		line, err := r.ReadSlice('\n')
		switch {
		case len(line) == 0:
		case lines.Allow() && text.AllowN(time.Now(), len(line)):
			o.flush()
			o.line(stream, strings.TrimRight(string(line), "\r\n"))
		default:
			o.drop(len(line))
		}
		_ = reading.WaitN(context.Background(), len(line)) // it is less than the burst
		for errors.Is(err, bufio.ErrBufferFull) {          // the rest of a line that is too long
			line, err = r.ReadSlice('\n')
			o.dropped.bytes.Add(uint64(len(line)))
			_ = reading.WaitN(context.Background(), len(line))
		}
		if err != nil {
			return
		}
	}
}

// writer gives a writer whose lines are drained, and what closes it.
func (o *output) writer(stream string) *io.PipeWriter {
	r, w := io.Pipe()
	go o.drain(stream, bufio.NewReaderSize(r, maxLine))
	return w
}

func (o *output) drop(bytes int) {
	o.dropped.lines.Add(1)
	o.dropped.bytes.Add(uint64(bytes))
	o.mu.Lock()
	defer o.mu.Unlock()
	o.pending++
}

// line logs one line.
func (o *output) line(stream, line string) {
	if level, text, fields, ok := parseLine(line); ok && stream == "stderr" {
		o.logger.WithLevel(level).Str("stream", stream).Str("text", text).RawJSON("fields", fields).Msg("A plugin wrote to its log.")
		return
	}
	o.logger.WithLevel(o.plainLevel(line)).Str("stream", stream).Str("text", line).Msg("A plugin printed a line.")
}

// flush tells the log of what was dropped.
func (o *output) flush() {
	o.mu.Lock()
	pending := o.pending
	o.pending = 0
	o.mu.Unlock()
	if pending > 0 {
		o.logger.Warn().Uint64("lines", pending).Msg("A plugin printed too much: lines were dropped.")
	}
}

// plainLevel is the level of a line without one: a crash is an error.
func (o *output) plainLevel(line string) zerolog.Level {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.crashed = o.crashed || strings.HasPrefix(line, "panic: ") || strings.HasPrefix(line, "fatal error: ")
	if o.crashed {
		return zerolog.ErrorLevel
	}
	return zerolog.DebugLevel
}

// parseLine reads a line of JSON with "@level" and "@message". A plugin's fatal
// is the server's error.
func parseLine(line string) (level zerolog.Level, text string, fields []byte, ok bool) {
	var entry map[string]any
	if json.Unmarshal([]byte(line), &entry) != nil {
		return 0, "", nil, false
	}
	name, named := entry["@level"].(string)
	text, texted := entry["@message"].(string)
	level, err := zerolog.ParseLevel(name)
	if !named || !texted || err != nil || level < zerolog.TraceLevel || level > zerolog.PanicLevel {
		return 0, "", nil, false
	}
	delete(entry, "@level")
	delete(entry, "@message")
	delete(entry, "@timestamp")
	fields, err = json.Marshal(entry)
	return min(level, zerolog.ErrorLevel), text, fields, err == nil
}
