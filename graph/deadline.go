package graph

import (
	"context"
	"fmt"

	"entgo.io/ent/dialect/sql"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/deadlinepolicy"
	"github.com/seed-34fcb60d/rounds/ent/db/deadlinepolicyversion"
	"github.com/seed-34fcb60d/rounds/ent/db/predicate"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/graph/generated"
	"github.com/seed-34fcb60d/rounds/graph/model"
	"github.com/seed-34fcb60d/rounds/graph/relay"
	"github.com/seed-34fcb60d/rounds/quality"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

type (
	deadlinePolicyResolver        struct{ *Resolver }
	deadlinePolicyVersionResolver struct{ *Resolver }
)

// DeadlinePolicy resolves the fields of DeadlinePolicy.
func (r *Resolver) DeadlinePolicy() generated.DeadlinePolicyResolver {
	return &deadlinePolicyResolver{r}
}

// DeadlinePolicyVersion resolves the fields of DeadlinePolicyVersion.
func (r *Resolver) DeadlinePolicyVersion() generated.DeadlinePolicyVersionResolver {
	return &deadlinePolicyVersionResolver{r}
}

func policySort() relay.Sort[db.DeadlinePolicy] {
	return relay.Sort[db.DeadlinePolicy]{
		Name: "deadlinePolicy.position", Column: deadlinepolicy.FieldPosition,
		Key: func(p *db.DeadlinePolicy) (any, fmt.Stringer) { return p.Position, p.ID },
		ID:  parsed[typeid.DeadlinePolicyID],
	}
}

func policyFilter(ctx context.Context, f *model.DeadlinePolicyFilter) (c conditions[predicate.DeadlinePolicy]) {
	if f == nil {
		return c
	}
	whereRefers(ctx, &c, f.SiteID, deadlinepolicy.SiteID, toSite)
	where(&c, f.Retired, func(retired bool) predicate.DeadlinePolicy {
		if retired {
			return deadlinepolicy.RetiredAtNotNil()
		}
		return deadlinepolicy.RetiredAtIsNil()
	})
	return c
}

func (r *queryResolver) DeadlinePolicies(ctx context.Context, first *int, after *string, last *int, before *string, filter *model.DeadlinePolicyFilter) (*relay.DeadlinePolicyConnection, error) {
	return list(ctx, ent.Organisation, r.Database.DeadlinePolicy.Query(), policyFilter(ctx, filter),
		relay.Args{First: first, After: after, Last: last, Before: before}, policySort())
}

func (r *queryResolver) DeadlinePreview(ctx context.Context, input quality.PreviewDeadlines) ([]*quality.DeadlinePreview, error) {
	return r.Quality.PreviewDeadlines(ctx, input)
}

func policyID(p *db.DeadlinePolicy) typeid.DeadlinePolicyID { return p.ID }

func (r *deadlinePolicyResolver) Site(ctx context.Context, obj *db.DeadlinePolicy) (*db.Site, error) {
	return one(ctx, obj, func(p *db.DeadlinePolicy) typeid.SiteID { return p.SiteID }, r.sites())
}

func (r *deadlinePolicyResolver) Current(ctx context.Context, obj *db.DeadlinePolicy) (*db.DeadlinePolicyVersion, error) {
	return many(ctx, obj, policyID, func(ids []typeid.DeadlinePolicyID) (map[typeid.DeadlinePolicyID]*db.DeadlinePolicyVersion, error) {
		rows, err := r.Database.DeadlinePolicyVersion.Query().
			Where(deadlinepolicyversion.PolicyIDIn(ids...), deadlinepolicyversion.Current(true)).All(ctx)
		of := map[typeid.DeadlinePolicyID]*db.DeadlinePolicyVersion{}
		for _, v := range rows {
			of[v.PolicyID] = v
		}
		return of, err
	})
}

// maxVersions bounds a list that has no pages.
const maxVersions = 100

func (r *deadlinePolicyResolver) Versions(ctx context.Context, obj *db.DeadlinePolicy) ([]*db.DeadlinePolicyVersion, error) {
	found, err := many(ctx, obj, policyID, func(ids []typeid.DeadlinePolicyID) (map[typeid.DeadlinePolicyID][]*db.DeadlinePolicyVersion, error) {
		rows, err := r.Database.DeadlinePolicyVersion.Query().Where(deadlinepolicyversion.PolicyIDIn(ids...)).
			Order(deadlinepolicyversion.ByNumber(sql.OrderDesc())).All(ctx)
		return group(rows, func(v *db.DeadlinePolicyVersion) typeid.DeadlinePolicyID { return v.PolicyID }), err
	})
	return notNil(found[:min(maxVersions, len(found))]), err
}

func (r *deadlinePolicyVersionResolver) Match(_ context.Context, obj *db.DeadlinePolicyVersion) (*rules.DeadlineMatch, error) {
	p, err := quality.DeadlinePolicyOf(obj)
	return &p.Match, err
}

func (r *deadlinePolicyVersionResolver) Targets(_ context.Context, obj *db.DeadlinePolicyVersion) ([]*rules.DeadlineRule, error) {
	p, err := quality.DeadlinePolicyOf(obj)
	targets := make([]*rules.DeadlineRule, len(p.Targets))
	for n := range p.Targets {
		targets[n] = &p.Targets[n]
	}
	return targets, err
}

func (r *mutationResolver) DeadlinePolicyCreate(ctx context.Context, input quality.CreateDeadlinePolicy) (*model.DeadlinePolicyPayload, error) {
	return change(ctx, r.Quality.CreateDeadlinePolicy, input)
}

func (r *mutationResolver) DeadlinePolicyRevise(ctx context.Context, input quality.ReviseDeadlinePolicy) (*model.DeadlinePolicyPayload, error) {
	return change(ctx, r.Quality.ReviseDeadlinePolicy, input)
}

func (r *mutationResolver) DeadlinePolicyMove(ctx context.Context, input quality.MoveDeadlinePolicy) (*model.DeadlinePolicyPayload, error) {
	return change(ctx, r.Quality.MoveDeadlinePolicy, input)
}

func (r *mutationResolver) DeadlinePolicyRetire(ctx context.Context, input quality.RetireDeadlinePolicy) (*model.DeadlinePolicyPayload, error) {
	return change(ctx, r.Quality.RetireDeadlinePolicy, input)
}
