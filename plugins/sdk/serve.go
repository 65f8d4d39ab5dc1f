package sdk

import (
	"context"
	"os"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"github.com/rs/zerolog"
	"google.golang.org/grpc"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/checklistpb"
)

// Serve makes the process a plugin. It is all that a plugin's main does:
//
//	func main() { sdk.Serve(frontdesk.New()) }
//
// It returns when the host ends the plugin; deferred calls of main still run
// then, for at most three seconds. A process that was started by hand prints a
// hint and exits with status 1.
//
// The capabilities that the description of c names are served by the optional
// interfaces of plugins/checklist, which c has to implement.
//
// The ctx of a call carries the call's deadline and a logger (zerolog.Ctx) whose
// lines appear in the server's log. A panic in a call fails that call only.
//
// The environment holds nothing but the handshake and the working directory is
// its own and removed afterwards: a plugin gets its data from what is compiled into
// it.
func Serve(c checklist.Checklist) {
	logger := newLogger(os.Stderr)
	ticker := time.NewTicker(parentTick)
	go watchParent(os.Getppid, ticker.C, func() { os.Exit(0) })
	plugin.Serve(&plugin.ServeConfig{
		HandshakeConfig:  Handshake(),
		VersionedPlugins: VersionedPlugins(c, logger),
		GRPCServer:       newServer,
		Logger:           hclog.New(&hclog.LoggerOptions{Level: hclog.Warn, Output: os.Stderr, JSONFormat: true}),
	})
}

// newServer adds the message limit to a server's options.
func newServer(opts []grpc.ServerOption) *grpc.Server {
	return grpc.NewServer(append(opts, grpc.MaxRecvMsgSize(MaxMessage), grpc.MaxSendMsgSize(MaxMessage))...)
}

// PluginName is the name under which the checklist is dispensed.
const PluginName = "checklist"

// VersionedPlugins gives both sides of the connection what they speak, by the
// version of the contract. The host's side passes a nil c.
func VersionedPlugins(c checklist.Checklist, logger zerolog.Logger) map[int]plugin.PluginSet {
	return map[int]plugin.PluginSet{
		Version: {PluginName: &grpcPlugin{checklist: c, logger: logger}},
	}
}

// grpcPlugin joins the contract to go-plugin.
type grpcPlugin struct {
	plugin.NetRPCUnsupportedPlugin
	checklist checklist.Checklist
	logger    zerolog.Logger
}

func (p *grpcPlugin) GRPCServer(_ *plugin.GRPCBroker, s *grpc.Server) error {
	checklistpb.RegisterChecklistServer(s, newChecklistServer(p.checklist, p.logger))
	return nil
}

func (p *grpcPlugin) GRPCClient(_ context.Context, _ *plugin.GRPCBroker, conn *grpc.ClientConn) (any, error) {
	return NewClient(conn), nil
}
