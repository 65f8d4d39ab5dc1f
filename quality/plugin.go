package quality

import (
	"context"
	"fmt"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/checklistversion"
	"github.com/seed-34fcb60d/rounds/ent/db/plugin"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
)

// Plugins is what the use cases need of the processes of this server. Other servers
// follow what was changed by the events.
type Plugins interface {
	// Pin makes a version the one that this server uses; its error is a [Rejection] when
	// that version cannot be.
	Pin(ctx context.Context, plugin, version string) error
	// Reload starts the pinned version anew.
	Reload(ctx context.Context, plugin string) error
	// Follow has this server do at once what the records say, which it would by itself in
	// a moment. What fails is told in its log.
	Follow(ctx context.Context)
}

// maxVersion bounds the name of a version, in characters.
const maxVersion = 40

// pluginChange is a use case about one plugin, for administrators.
type pluginChange struct {
	name     string
	key      *string
	in       any
	id       typeid.PluginID
	revision int
	event    string
	changed  []string

	prepare func(ctx context.Context, p *db.Plugin) error
	// apply sets what changes, and returns the events of what else did. It may be nil.
	apply func(ctx context.Context, tx *db.Tx, p *db.Plugin, update *db.PluginUpdateOne) ([]events.Event, error)
}

func (s *Service) changePlugin(ctx context.Context, m pluginChange) (*Change[*db.Plugin], error) {
	found := func(ctx context.Context, client *db.Client) (*db.Plugin, error) {
		p, err := client.Plugin.Get(ctx, m.id)
		if err := seen(p, err)("id"); err != nil {
			return nil, err
		}
		if p.Revision != m.revision {
			return nil, conflict()
		}
		return p, nil
	}
	return run(ctx, s, useCase[*db.Plugin]{
		area: ent.Operations, name: m.name, key: m.key, in: m.in, read: s.readPlugin,
		prepare: func(ctx context.Context) error {
			p, err := found(ctx, s.db.Client)
			if err != nil || m.prepare == nil {
				return err
			}
			return m.prepare(ctx, p)
		},
		apply: func(ctx context.Context, tx *db.Tx) (effect[*db.Plugin], error) {
			var none effect[*db.Plugin]
			p, err := found(ctx, tx.Client())
			if err != nil {
				return none, err
			}
			now := s.now()
			update := tx.Plugin.UpdateOneID(p.ID).Where(plugin.Revision(m.revision)).AddRevision(1).SetUpdatedAt(now)
			var made []events.Event
			if m.apply != nil {
				if made, err = m.apply(ctx, tx, p, update); err != nil {
					return none, err
				}
			}
			p, err = update.Save(ctx)
			if db.IsNotFound(err) {
				return none, conflict()
			}
			if err != nil {
				return none, fmt.Errorf("changing a plugin: %w", err)
			}
			return effect[*db.Plugin]{
				object: p.Unwrap(), ids: []string{p.ID.String()},
				events: append(made, events.Event{Kind: m.event, Subject: p.ID.String(), Changed: append(m.changed, "revision"), At: now}),
			}, nil
		},
	})
}

func (s *Service) readPlugin(ctx context.Context, ids []string) (*db.Plugin, error) {
	id, _ := typeid.Parse[typeid.PluginID](ids[0])
	return s.db.Plugin.Get(ctx, id)
}

// PinPlugin names the version of a plugin that new inspections are to use.
type PinPlugin struct {
	IdempotencyKey   *string
	ID               typeid.PluginID
	ExpectedRevision int
	Version          string
}

// PinPlugin has new inspections use a version of a plugin, as soon as it runs: nothing
// fails meanwhile. Inspections that were started with another keep theirs.
func (s *Service) PinPlugin(ctx context.Context, in PinPlugin) (*Change[*db.Plugin], error) {
	return s.changePlugin(ctx, pluginChange{
		name: "pluginPin", key: in.IdempotencyKey, in: in, id: in.ID, revision: in.ExpectedRevision,
		event: EventPluginPinned, changed: []string{"pinnedVersion"},
		prepare: func(ctx context.Context, p *db.Plugin) error {
			var bad check
			if bad.line(&in.Version, maxVersion, "version"); bad.err() != nil {
				return bad.err()
			}
			return s.plugins.Pin(ctx, p.Code, in.Version)
		},
		apply: func(ctx context.Context, tx *db.Tx, p *db.Plugin, update *db.PluginUpdateOne) ([]events.Event, error) {
			made, checksum, err := s.use(ctx, tx, p.ID, in.Version)
			update.SetPinned(in.Version).SetVersion(in.Version).SetChecksum(checksum)
			return made, err
		},
	})
}

// use makes the checklists of a version the current ones, and tells the checksum of its
// program. They are stored already: a version is pinned after it has introduced itself.
func (s *Service) use(ctx context.Context, tx *db.Tx, id typeid.PluginID, version string) (told []events.Event, checksum string, _ error) {
	all, err := tx.ChecklistVersion.Query().Where(checklistversion.PluginID(id), checklistversion.Or(checklistversion.Version(version), checklistversion.Current(true))).
		Order(db.Desc(checklistversion.FieldPublishedAt, checklistversion.FieldID)).All(ent.AsSystem(ctx))
	if err != nil {
		return nil, "", fmt.Errorf("looking up the checklists of a version: %w", err)
	}
	taken := map[string]bool{}
	var made []*db.ChecklistVersion
	for _, v := range all {
		use := v.Version == version && !taken[v.Code] && (len(made) == 0 || v.Checksum == made[0].Checksum)
		if use {
			taken[v.Code] = true
			made = append(made, v)
		}
		if use && !v.Current {
			told = append(told, events.Event{Kind: EventChecklistPublished, Subject: v.ID.String(), At: s.now()})
		}
		if v.Current && !use {
			if err := tx.ChecklistVersion.UpdateOneID(v.ID).SetCurrent(false).Exec(ctx); err != nil {
				return nil, "", fmt.Errorf("withdrawing the checklist %s: %w", v.Code, err)
			}
			told = append(told, events.Event{Kind: EventChecklistWithdrawn, Subject: v.ID.String(), Changed: []string{"current"}, At: s.now()})
		}
	}
	for _, v := range made {
		if err := tx.ChecklistVersion.UpdateOneID(v.ID).SetCurrent(true).Exec(ctx); err != nil {
			return nil, "", fmt.Errorf("using the checklist %s: %w", v.Code, err)
		}
	}
	if len(made) == 0 {
		return nil, "", reject(NotFound, text("This version has not introduced itself.", "该版本尚未注册检查表。"), "version")
	}
	return told, made[0].Checksum, nil
}

// ReloadPlugin starts a plugin anew.
type ReloadPlugin struct {
	IdempotencyKey   *string
	ID               typeid.PluginID
	ExpectedRevision int
}

// ReloadPlugin starts the processes of a plugin anew, on every server, without a call
// that fails.
func (s *Service) ReloadPlugin(ctx context.Context, in ReloadPlugin) (*Change[*db.Plugin], error) {
	return s.changePlugin(ctx, pluginChange{
		name: "pluginReload", key: in.IdempotencyKey, in: in, id: in.ID, revision: in.ExpectedRevision, event: EventPluginReloaded,
		prepare: func(ctx context.Context, p *db.Plugin) error { return s.plugins.Reload(ctx, p.Code) },
	})
}

// DisablePlugin switches a plugin off, or on again.
type DisablePlugin struct {
	IdempotencyKey   *string
	ID               typeid.PluginID
	ExpectedRevision int
	Disabled         bool
}

// DisablePlugin switches a plugin off on every server, or on again. While it is off its
// inspections cannot be completed; those that are there read the same.
func (s *Service) DisablePlugin(ctx context.Context, in DisablePlugin) (*Change[*db.Plugin], error) {
	change, err := s.changePlugin(ctx, pluginChange{
		name: "pluginDisable", key: in.IdempotencyKey, in: in, id: in.ID, revision: in.ExpectedRevision,
		event: EventPluginDisabled, changed: []string{"disabled"},
		apply: func(_ context.Context, _ *db.Tx, p *db.Plugin, update *db.PluginUpdateOne) ([]events.Event, error) {
			if p.Disabled == in.Disabled {
				return nil, reject(Rejected, text("The plugin is so already.", "该插件已处于此状态。"), "disabled")
			}
			update.SetDisabled(in.Disabled)
			return nil, nil
		},
	})
	if err == nil {
		s.plugins.Follow(ctx)
	}
	return change, err
}
