package graph

import (
	"context"
	"fmt"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/plugin"
	"github.com/seed-34fcb60d/rounds/ent/db/pluginversion"
	"github.com/seed-34fcb60d/rounds/ent/db/predicate"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/graph/generated"
	"github.com/seed-34fcb60d/rounds/graph/model"
	"github.com/seed-34fcb60d/rounds/graph/relay"
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/quality"
)

type pluginResolver struct{ *Resolver }

// Plugin resolves the fields of Plugin.
func (r *Resolver) Plugin() generated.PluginResolver { return &pluginResolver{r} }

func (r *queryResolver) Plugins(ctx context.Context, first *int, after *string, last *int, before *string) (*relay.PluginConnection, error) {
	return list(ctx, ent.Operations, r.Database.Plugin.Query(), conditions[predicate.Plugin]{}, relay.Args{First: first, After: after, Last: last, Before: before}, relay.Sort[db.Plugin]{
		Name: "plugin.code", Column: plugin.FieldCode,
		Key: func(p *db.Plugin) (any, fmt.Stringer) { return p.Code, p.ID },
		ID:  parsed[typeid.PluginID],
	})
}

func (r *pluginResolver) Name(ctx context.Context, obj *db.Plugin) (*model.LocalizedText, error) {
	return localized(ctx, checklist.Text{EN: obj.NameEn, ZH: obj.NameZh}), nil
}

func (r *pluginResolver) PinnedVersion(_ context.Context, obj *db.Plugin) (*string, error) {
	if obj.Pinned != nil && *obj.Pinned == "" { // one that was registered, and waits to be pinned
		return nil, nil
	}
	return obj.Pinned, nil
}

func (r *pluginResolver) Process(_ context.Context, obj *db.Plugin) (*model.PluginProcess, error) {
	for _, p := range r.Resolver.Processes.Versions(obj.Code) {
		if p.Pinned {
			return p, nil
		}
	}
	return nil, nil
}

func (r *pluginResolver) Processes(_ context.Context, obj *db.Plugin) ([]*model.PluginProcess, error) {
	return notNil(r.Resolver.Processes.Versions(obj.Code)), nil
}

func (r *pluginResolver) Versions(ctx context.Context, obj *db.Plugin) ([]*db.PluginVersion, error) {
	versions, err := many(ctx, obj, func(p *db.Plugin) typeid.PluginID { return p.ID }, func(ids []typeid.PluginID) (map[typeid.PluginID][]*db.PluginVersion, error) {
		rows, err := r.Database.PluginVersion.Query().Where(pluginversion.PluginIDIn(ids...)).Order(db.Desc(pluginversion.FieldID)).All(ctx)
		return group(rows, func(v *db.PluginVersion) typeid.PluginID { return v.PluginID }), err
	})
	return notNil(versions[:min(len(versions), maxVersions)]), err
}

func (r *mutationResolver) PluginPin(ctx context.Context, input quality.PinPlugin) (*model.PluginPayload, error) {
	return change(ctx, r.Quality.PinPlugin, input)
}

func (r *mutationResolver) PluginReload(ctx context.Context, input quality.ReloadPlugin) (*model.PluginPayload, error) {
	return change(ctx, r.Quality.ReloadPlugin, input)
}

func (r *mutationResolver) PluginDisable(ctx context.Context, input quality.DisablePlugin) (*model.PluginPayload, error) {
	return change(ctx, r.Quality.DisablePlugin, input)
}
