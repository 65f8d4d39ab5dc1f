package host

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/rs/zerolog"
	"golang.org/x/time/rate"
)

// What a plugin may write to the log. More is dropped and counted.
const (
	maxLine        = 8 << 10 // bytes
	linesPerSecond = 50
	lineBurst      = 200
)

// output writes what one plugin process prints to the server's log. All of it is
// read, whatever becomes of it, so that the plugin never blocks on a full pipe.
type output struct {
	logger  zerolog.Logger
	limiter *rate.Limiter
	dropped *atomic.Uint64 // of all processes of the plugin

	mu      sync.Mutex
	pending uint64 // dropped lines that the log has not been told of
	crashed bool   // a panic's first line went by: what follows is its trace
}

func newOutput(logger zerolog.Logger, dropped *atomic.Uint64) *output {
	return &output{logger: logger, limiter: rate.NewLimiter(linesPerSecond, lineBurst), dropped: dropped}
}

// drain reads r to its end.
func (o *output) drain(stream string, r *bufio.Reader) {
	for {
		line, err := r.ReadSlice('\n')
		if len(line) > 0 {
			o.line(stream, strings.TrimRight(string(line), "\r\n"))
		}
		for errors.Is(err, bufio.ErrBufferFull) { // the rest of a line that is too long
			_, err = r.ReadSlice('\n')
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

// line logs one line, or drops it.
func (o *output) line(stream, line string) {
	if !o.limiter.Allow() {
		o.dropped.Add(1)
		o.mu.Lock()
		o.pending++
		o.mu.Unlock()
		return
	}
	o.flush()
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
	if !named || !texted || err != nil || level == zerolog.NoLevel {
		return 0, "", nil, false
	}
	delete(entry, "@level")
	delete(entry, "@message")
	delete(entry, "@timestamp")
	fields, err = json.Marshal(entry)
	return min(level, zerolog.ErrorLevel), text, fields, err == nil
}
