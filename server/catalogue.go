package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/host"
	"github.com/seed-34fcb60d/rounds/quality"
)

// catalogue keeps the host running what is registered and pinned. Every server of a
// database has one, and follows what is changed through another.
type catalogue struct {
	*core
	mu        sync.Mutex      // held while the host is made to follow
	installed map[string]bool // "PLUGIN VERSION"
}

// begin gives the host what comes with the server, what is in the plugin folder, and
// what was registered; of each plugin the pinned version first, which is then run.
func (c *catalogue) begin(ctx context.Context) error {
	specs, err := c.settings.plugins()
	if err != nil {
		return err
	}
	registered, states, err := c.missing(ctx)
	if err != nil {
		return err
	}
	specs = append(specs, registered...)
	pinned := map[string]string{}
	for _, s := range states {
		pinned[s.Code] = s.Pinned
	}
	rank := func(p host.Plugin) int {
		if p.Version != "" && p.Version == pinned[p.ID] {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(specs, func(a, b host.Plugin) int { return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(rank(a), rank(b))) })
	if err := c.install(specs); err != nil {
		return err
	}
	for _, s := range states {
		if err := c.adjust(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// missing lists the registered versions that the host does not have, and what is to be
// run of all.
func (c *catalogue) missing(ctx context.Context) ([]host.Plugin, []quality.PluginState, error) {
	versions, states, err := c.quality.Catalogue(ctx)
	if err != nil {
		return nil, nil, err
	}
	var specs []host.Plugin
	for _, v := range versions {
		if c.installed[v.Plugin+" "+v.Version] {
			continue
		}
		spec, err := c.spec(ctx, v)
		if err != nil {
			return nil, nil, err
		}
		specs = append(specs, spec)
	}
	return specs, states, nil
}

// install gives the host versions that it does not have.
func (c *catalogue) install(specs []host.Plugin) error {
	for _, p := range specs {
		if err := c.host.Install(p); err != nil {
			return err
		}
		c.installed[p.ID+" "+p.Version] = true
	}
	return nil
}

// catchUp gives the host what was registered since.
func (c *catalogue) catchUp(ctx context.Context) ([]quality.PluginState, error) {
	specs, states, err := c.missing(ctx)
	if err == nil {
		err = c.install(specs)
	}
	return states, err
}

// spec makes a registered version runnable: its program is written to a file, unless
// it is there. Whatever is in that file, only what was registered is run.
func (c *catalogue) spec(ctx context.Context, v quality.Catalogued) (host.Plugin, error) {
	folder := filepath.Join(c.settings.dataDir(), "programs")
	path, err := filepath.Abs(filepath.Join(folder, v.Checksum))
	if err != nil {
		return host.Plugin{}, err
	}
	spec := host.Plugin{ID: v.Plugin, Version: v.Version, Path: path, SHA256: v.Checksum, NoTLS: v.NoTLS, ReadOnly: v.ReadOnly}
	if _, err := os.Stat(path); err == nil {
		return spec, nil
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return spec, fmt.Errorf("making the folder of programs: %w", err)
	}
	file, err := os.CreateTemp(folder, "incoming-")
	if err != nil {
		return spec, fmt.Errorf("writing a program: %w", err)
	}
	err = c.quality.ProgramOf(ctx, v.ID, file)
	err = errors.Join(err, file.Chmod(0o500), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		return spec, errors.Join(fmt.Errorf("writing the program of %s %s: %w", v.Plugin, v.Version, err), os.Remove(file.Name()))
	}
	return spec, nil
}

// watch follows the catalogue until ctx ends.
func (c *catalogue) watch(ctx context.Context) error {
	reader, err := c.events.Subscribe(ctx, events.Subscription{Filter: events.Filter{SubjectKinds: []string{"plugin"}}})
	for err == nil {
		c.Follow(ctx)
		var e *db.Event
		if e, err = reader.Next(ctx); err == nil && e.Kind == quality.EventPluginReloaded {
			c.reload(ctx, e.Subject)
		}
	}
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// justStarted is how long ago a process may have become ready that another server's
// wish to reload need not reload again.
const justStarted = 5 * time.Second

// reload starts a plugin anew that was reloaded through another server.
func (c *catalogue) reload(ctx context.Context, subject string) {
	code, err := c.quality.PluginCode(ctx, subject)
	for _, is := range c.host.Versions(code) {
		if is.Pinned && time.Since(is.Since) > justStarted {
			err = c.host.Reload(ctx, code)
		}
	}
	if err != nil {
		c.log.Error().Err(err).Str("plugin", code).Msg("a plugin was not reloaded")
	}
}

// Follow makes the host run what the catalogue says. What fails is logged and tried
// again at the next change.
func (c *catalogue) Follow(ctx context.Context) {
	ctx = context.WithoutCancel(ctx) // a caller who goes away leaves nothing half done
	c.mu.Lock()
	defer c.mu.Unlock()
	states, err := c.catchUp(ctx)
	if err != nil {
		c.log.Error().Err(err).Msg("the catalogue of plugins was not followed")
		return
	}
	for _, want := range states {
		if err := c.adjust(ctx, want); err != nil {
			c.log.Error().Err(err).Str("plugin", want.Code).Str("version", want.Pinned).Msg("a plugin does not follow the catalogue")
		}
	}
}

// adjust pins and switches one plugin.
func (c *catalogue) adjust(ctx context.Context, want quality.PluginState) error {
	for _, is := range c.host.Versions(want.Code) {
		if !is.Pinned {
			continue
		}
		if is.Disabled != want.Disabled {
			switching := c.host.Enable
			if want.Disabled {
				switching = c.host.Disable
			}
			if err := switching(want.Code); err != nil {
				return err
			}
		}
		if !want.Disabled && want.Pinned != "" && want.Pinned != is.Version && c.installed[want.Code+" "+want.Pinned] {
			return c.host.Pin(ctx, want.Code, want.Pinned)
		}
	}
	return nil
}

// Pin makes a version the one that this server uses, as quality wants it.
func (c *catalogue) Pin(ctx context.Context, plugin, version string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, err := c.catchUp(ctx); err != nil {
		return err
	}
	err := c.host.Pin(ctx, plugin, version)
	switch {
	case errors.Is(err, host.ErrUnknownVersion):
		return quality.Rejection{{Kind: quality.NotFound, Path: []string{"version"}, Text: checklist.Text{
			EN: "No such version of the plugin is registered.", ZH: "未登记该插件的此版本。"}}}
	case err != nil:
		c.log.Warn().Err(err).Str("plugin", plugin).Str("version", version).Msg("a version could not be pinned")
		return notRunning()
	}
	return nil
}

// Reload starts the pinned version anew, as quality wants it.
func (c *catalogue) Reload(ctx context.Context, plugin string) error {
	if err := c.host.Reload(ctx, plugin); err != nil {
		c.log.Warn().Err(err).Str("plugin", plugin).Msg("a plugin could not be reloaded")
		return notRunning()
	}
	return nil
}

func notRunning() error {
	return quality.Rejection{{Kind: quality.PluginUnavailable, Text: checklist.Text{
		EN: "The plugin did not become ready: everything stays as it was. The server's log says why.", ZH: "插件未能就绪，一切保持原状，原因见服务器日志。"}}}
}
