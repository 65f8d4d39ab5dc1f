package host

import (
	"context"
	"crypto/tls"
	"os/exec"
	"time"

	"github.com/hashicorp/go-hclog"
	goplugin "github.com/hashicorp/go-plugin"
	pluginrunner "github.com/hashicorp/go-plugin/runner"
	"github.com/rs/zerolog"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/seed-34fcb60d/rounds/plugins/sdk"
)

// connect starts the process, shakes hands and opens the connection. A
// connection that it returns needs Kill, whatever the error.
func connect(ctx context.Context, p *process, spec Plugin, timeout time.Duration) (*goplugin.Client, error) {
	stdout, stderr := p.out.writer("stdout"), p.out.writer("stderr")
	go func() {
		<-p.exited
		_, _ = stdout.Close(), stderr.Close() // closing a pipe in memory never fails
	}()
	cfg := &goplugin.ClientConfig{
		HandshakeConfig:  sdk.Handshake(),
		VersionedPlugins: sdk.VersionedPlugins(nil, zerolog.Nop()),
		AllowedProtocols: []goplugin.Protocol{goplugin.ProtocolGRPC},
		RunnerFunc: func(_ hclog.Logger, cmd *exec.Cmd, _ string) (pluginrunner.Runner, error) {
			return runner{process: p, env: cmd.Env}, nil
		},
		SkipHostEnv:      true,
		AutoMTLS:         !spec.NoTLS,
		StartTimeout:     timeout,
		UnixSocketConfig: &goplugin.UnixSocketConfig{TempDir: p.room.dir},
		SyncStdout:       stdout,
		SyncStderr:       stderr,
		Logger:           hclog.NewNullLogger(), // what it would say is returned as errors, too
		GRPCDialOptions:  []grpc.DialOption{sdk.MessageLimits()},
	}
	client := goplugin.NewClient(cfg)
	address, err := client.Start()
	if err != nil {
		return nil, err
	}
	// go-plugin dials without a deadline and leaves goroutines behind when that
	// fails: it is let loose only on a plugin that answers.
	if err := probe(ctx, "unix:"+address.String(), cfg); err != nil {
		return nil, err
	}
	if _, err := client.Client(); err != nil {
		return nil, err
	}
	return client, nil
}

// probe asks for the plugin's health over a connection of its own.
func probe(ctx context.Context, address string, cfg *goplugin.ClientConfig) error {
	creds := insecure.NewCredentials()
	if cfg.TLSConfig != nil {
		// go-plugin's own connection resumes this session, for the first handshake of
		// both sides takes most of a start.
		cfg.TLSConfig.ClientSessionCache = tls.NewLRUClientSessionCache(1)
		creds = credentials.NewTLS(cfg.TLSConfig)
	}
	conn, err := grpc.NewClient(address, grpc.WithTransportCredentials(creds), sdk.MessageLimits())
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }() // the answer is what matters
	return sdk.NewClient(conn).Alive(ctx)
}
