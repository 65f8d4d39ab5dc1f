package main

import (
	"context"
	"errors"

	"github.com/rs/zerolog"

	"github.com/seed-34fcb60d/rounds/graph/model"
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/host"
	"github.com/seed-34fcb60d/rounds/quality"
)

// checklists connects the use cases and the API with the plugins' processes.
type checklists struct {
	host *host.Host
	log  zerolog.Logger
}

// Judge lets a plugin judge, and says what a failure means for the caller.
func (c checklists) Judge(ctx context.Context, plugin string, d checklist.Definition, in checklist.Inspection) (checklist.Judgement, error) {
	judgement, err := c.host.Judge(ctx, plugin, d, in)
	var failure *host.Error
	if !errors.As(err, &failure) || failure.Kind == host.InputRejected {
		return judgement, err
	}
	c.log.Warn().Err(failure).AnErr("cause", failure.Unwrap()).Str("plugin", plugin).Str("kind", string(failure.Kind)).Msg("plugin did not judge")
	problem := quality.Problem{Kind: quality.PluginUnavailable, Text: checklist.Text{
		EN: "The department's checklist cannot be judged at the moment. Nothing was changed; try again later.",
		ZH: "该部门的检查表暂时无法评判，未作任何更改，请稍后重试。"}}
	switch failure.Kind {
	case host.UnknownDefinition:
		problem.Text = checklist.Text{
			EN: "The department has changed this checklist since the inspection was started. Start a new inspection.",
			ZH: "检查开始后该部门已更改此检查表，请重新开始检查。"}
	case host.Failed, host.InvalidAnswer:
		problem.Kind = quality.PluginFailed
		problem.Text = checklist.Text{
			EN: "The department's plugin failed to judge the inspection. Nothing was changed; its department has to mend it.",
			ZH: "该部门的插件评判失败，未作任何更改，请联系该部门处理。"}
	}
	return judgement, quality.Rejection{problem}
}

var processStates = map[host.Status]model.PluginState{
	host.Starting:    model.PluginStateStarting,
	host.Waiting:     model.PluginStateStarting,
	host.Ready:       model.PluginStateReady,
	host.Degraded:    model.PluginStateDegraded,
	host.Quarantined: model.PluginStateQuarantined,
	host.Stopped:     model.PluginStateStopped,
	host.Stopping:    model.PluginStateStopped,
}

// Versions returns how the processes of a plugin's versions fare.
func (c checklists) Versions(plugin string) []*model.PluginProcess {
	var processes []*model.PluginProcess
	for _, s := range c.host.States() {
		if s.ID != plugin {
			continue
		}
		p := &model.PluginProcess{Pinned: s.Pinned, State: processStates[s.Status], Restarts: s.Restarts, Since: s.Since}
		if s.Version != "" {
			p.Version = &s.Version
		}
		if s.PID != 0 {
			p.Pid = &s.PID
		}
		if s.LastError != "" {
			p.LastError = &s.LastError
		}
		processes = append(processes, p)
	}
	return processes
}
