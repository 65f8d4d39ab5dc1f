package sdk

import (
	"os"
	"time"

	"github.com/hashicorp/go-plugin"
	"github.com/rs/zerolog"
)

// MaxMessage is the size limit of one message, in bytes, in both directions.
const MaxMessage = 4 << 20

// Version is the version of the contract in rounds/checklist/v1.
const Version = 1

// Handshake tells that a process was started by a host and not by hand. It is
// no secret.
func Handshake() plugin.HandshakeConfig {
	return plugin.HandshakeConfig{
		ProtocolVersion:  Version,
		MagicCookieKey:   "ROUNDS_PLUGIN",
		MagicCookieValue: "checklist",
	}
}

// newLogger gives a logger whose lines the host reads with their levels and
// fields. zerolog keeps the names of its standard fields for the whole process,
// which is why only [Serve], which owns the process, may call it.
func newLogger(stderr *os.File) zerolog.Logger {
	zerolog.LevelFieldName = "@level"
	zerolog.MessageFieldName = "@message"
	zerolog.TimestampFieldName = "@timestamp"
	zerolog.TimeFieldFormat = "2006-01-02T15:04:05.000000Z07:00" // as go-plugin's own loggers write it
	return zerolog.New(stderr).With().Timestamp().Logger()
}

// parentTick is how often a plugin looks whether its parent is still there.
const parentTick = time.Second

// watchParent calls gone once the parent process has gone. Where the kernel can
// do it (Linux) the host has the plugin killed earlier than this.
func watchParent(parent func() int, tick <-chan time.Time, gone func()) {
	first := parent()
	for range tick {
		if parent() != first {
			gone()
			return
		}
	}
}
