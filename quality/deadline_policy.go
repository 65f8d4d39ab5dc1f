package quality

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/deadlinepolicy"
	"github.com/seed-34fcb60d/rounds/ent/db/deadlinepolicyversion"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

// CreateDeadlinePolicy is a policy to make. It is asked after those that there are.
type CreateDeadlinePolicy struct {
	IdempotencyKey *string
	SiteID         *typeid.SiteID // the only site whose cases it covers; nil for all
	Name           string
	Match          rules.DeadlineMatch
	Targets        []rules.DeadlineRule
}

// maxPolicies bounds the policies that are not retired: each new case asks them.
const maxPolicies = 200

// CreateDeadlinePolicy makes a policy (R-CASE-4).
func (s *Service) CreateDeadlinePolicy(ctx context.Context, in CreateDeadlinePolicy) (*Change[*db.DeadlinePolicy], error) {
	return run(ctx, s, useCase[*db.DeadlinePolicy]{
		area: ent.Organisation, name: "deadlinePolicyCreate", key: in.IdempotencyKey, in: in, read: s.readPolicy,
		apply: func(ctx context.Context, tx *db.Tx) (effect[*db.DeadlinePolicy], error) {
			var none effect[*db.DeadlinePolicy]
			var site typeid.SiteID
			if in.SiteID != nil {
				found, err := tx.Site.Get(ctx, *in.SiteID)
				if err := seen(found, err)("siteId"); err != nil {
					return none, err
				}
				site = found.ID
			}
			if err := maySetStandards(ctx, site); err != nil {
				return none, err
			}
			if err := checkPolicy(&in.Name, in.Match, in.Targets); err != nil {
				return none, err
			}
			others, err := s.lockPolicies(ctx, tx)
			if err != nil {
				return none, err
			}
			if len(others) >= maxPolicies {
				return none, reject(Rejected, text(fmt.Sprintf("There are %d policies already. Retire one first.", len(others)),
					fmt.Sprintf("已有 %d 个时限策略，请先停用一个。", len(others))))
			}
			position := 0
			if len(others) > 0 {
				position = others[len(others)-1].Position + 1
			}
			now := s.now()
			p, err := tx.DeadlinePolicy.Create().SetName(in.Name).SetSiteID(site).SetPosition(position).SetCreatedAt(now).SetUpdatedAt(now).Save(ctx)
			if err != nil {
				return none, fmt.Errorf("making a deadline policy: %w", err)
			}
			if err := storePolicyVersion(ctx, tx, p.ID, 1, rules.DeadlinePolicy{Match: in.Match, Targets: in.Targets}, now); err != nil {
				return none, err
			}
			return policyEffect(EventDeadlinePolicyCreated, p, now), nil
		},
	})
}

// readPolicy finds the policy of an earlier answer.
func (s *Service) readPolicy(ctx context.Context, ids []string) (*db.DeadlinePolicy, error) {
	id, _ := typeid.Parse[typeid.DeadlinePolicyID](ids[0])
	return s.db.DeadlinePolicy.Get(ctx, id)
}

// lockPolicies returns the policies that are not retired, in their order, so that no
// other transaction changes their order meanwhile.
func (s *Service) lockPolicies(ctx context.Context, tx *db.Tx) ([]*db.DeadlinePolicy, error) {
	q := tx.DeadlinePolicy.Query().Where(deadlinepolicy.RetiredAtIsNil()).Order(deadlinepolicy.ByPosition(), deadlinepolicy.ByID())
	if s.db.IsPostgres() {
		q.ForUpdate()
	}
	all, err := q.All(ent.AsSystem(ctx))
	if err != nil {
		return nil, fmt.Errorf("reading the deadline policies: %w", err)
	}
	return all, nil
}

func storePolicyVersion(ctx context.Context, tx *db.Tx, policy typeid.DeadlinePolicyID, number int, p rules.DeadlinePolicy, now time.Time) error {
	definition, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("encoding a deadline policy: %w", err)
	}
	err = tx.DeadlinePolicyVersion.Create().SetPolicyID(policy).SetNumber(number).SetDefinition(definition).SetCreatedAt(now).Exec(ctx)
	if err != nil {
		return fmt.Errorf("storing a version of a deadline policy: %w", err)
	}
	return nil
}

func policyEffect(kind string, p *db.DeadlinePolicy, now time.Time, changed ...string) effect[*db.DeadlinePolicy] {
	return effect[*db.DeadlinePolicy]{object: p.Unwrap(), ids: []string{p.ID.String()},
		events: []events.Event{{Kind: kind, Subject: p.ID.String(), Changed: changed, At: now, Site: p.SiteID}}}
}

// maySetStandards allows what holds for a whole site, or with the zero site for all
// of them (R-ORG-2).
func maySetStandards(ctx context.Context, site typeid.SiteID) error {
	v := ent.ViewerFrom(ctx)
	anywhere := []staff.Role{staff.RoleQUALITY_OFFICER, staff.RoleEXECUTIVE, staff.RoleADMINISTRATOR, ent.Integrator}
	here := !site.IsZero() && site == v.Site
	if slices.Contains(anywhere, v.Role) && (v.Role != ent.Integrator || v.Site.IsZero() || here) || v.Role == staff.RoleSITE_MANAGER && here {
		return nil
	}
	return forbidden(text("Only the quality office and management set standards; a site's manager does so for that site.",
		"只有质量管理部门和管理层可以制定标准；营业点经理可以制定本营业点的标准。"))
}

// changePolicy is a use case that changes a policy which there is.
type changePolicy struct {
	name     string // of the mutation
	key      *string
	in       any
	id       typeid.DeadlinePolicyID
	revision int
	event    string
	changed  []string
	apply    func(ctx context.Context, tx *db.Tx, p *db.DeadlinePolicy, update *db.DeadlinePolicyUpdateOne) error
}

// changePolicy loads the policy as the viewer sees it, and changes it if it still
// has the expected revision and is not retired.
func (s *Service) changePolicy(ctx context.Context, c changePolicy) (*Change[*db.DeadlinePolicy], error) {
	return run(ctx, s, useCase[*db.DeadlinePolicy]{
		area: ent.Organisation, name: c.name, key: c.key, in: c.in, read: s.readPolicy,
		apply: func(ctx context.Context, tx *db.Tx) (effect[*db.DeadlinePolicy], error) {
			var none effect[*db.DeadlinePolicy]
			p, err := tx.DeadlinePolicy.Get(ctx, c.id)
			if err := seen(p, err)("id"); err != nil {
				return none, err
			}
			if err := maySetStandards(ctx, p.SiteID); err != nil {
				return none, err
			}
			if p.Revision != c.revision {
				return none, conflict()
			}
			if p.RetiredAt != nil {
				return none, reject(Rejected, text("The policy is retired.", "该时限策略已停用。"), "id")
			}
			now := s.now()
			update := tx.DeadlinePolicy.UpdateOneID(p.ID).Where(deadlinepolicy.Revision(c.revision)).AddRevision(1).SetUpdatedAt(now)
			if err := c.apply(ctx, tx, p, update); err != nil {
				return none, err
			}
			if p, err = update.Save(ctx); db.IsNotFound(err) {
				return none, conflict()
			}
			if err != nil {
				return none, fmt.Errorf("changing a deadline policy: %w", err)
			}
			return policyEffect(c.event, p, now, append(c.changed, "revision")...), nil
		},
	})
}

// ReviseDeadlinePolicy is a further version of a policy.
type ReviseDeadlinePolicy struct {
	IdempotencyKey   *string
	ID               typeid.DeadlinePolicyID
	ExpectedRevision int
	Name             string
	Match            rules.DeadlineMatch
	Targets          []rules.DeadlineRule
}

// ReviseDeadlinePolicy says anew what a policy says, for cases that are opened from
// now on. Those that run keep the version that they began with.
func (s *Service) ReviseDeadlinePolicy(ctx context.Context, in ReviseDeadlinePolicy) (*Change[*db.DeadlinePolicy], error) {
	return s.changePolicy(ctx, changePolicy{
		name: "deadlinePolicyRevise", key: in.IdempotencyKey, in: in, id: in.ID, revision: in.ExpectedRevision,
		event: EventDeadlinePolicyRevised, changed: []string{"name", "match", "targets", "versions"},
		apply: func(ctx context.Context, tx *db.Tx, p *db.DeadlinePolicy, update *db.DeadlinePolicyUpdateOne) error {
			if err := checkPolicy(&in.Name, in.Match, in.Targets); err != nil {
				return err
			}
			old, err := tx.DeadlinePolicyVersion.Query().
				Where(deadlinepolicyversion.PolicyID(p.ID), deadlinepolicyversion.Current(true)).Only(ent.AsSystem(ctx))
			if err != nil {
				return fmt.Errorf("reading the version of a deadline policy: %w", err)
			}
			if err := old.Update().SetCurrent(false).Exec(ctx); err != nil {
				return fmt.Errorf("superseding a version of a deadline policy: %w", err)
			}
			update.SetName(in.Name)
			return storePolicyVersion(ctx, tx, p.ID, old.Number+1, rules.DeadlinePolicy{Match: in.Match, Targets: in.Targets}, s.now())
		},
	})
}

// RetireDeadlinePolicy names a policy that shall cover no more cases.
type RetireDeadlinePolicy struct {
	IdempotencyKey   *string
	ID               typeid.DeadlinePolicyID
	ExpectedRevision int
}

// RetireDeadlinePolicy lets a policy cover no case that is opened from now on.
func (s *Service) RetireDeadlinePolicy(ctx context.Context, in RetireDeadlinePolicy) (*Change[*db.DeadlinePolicy], error) {
	return s.changePolicy(ctx, changePolicy{
		name: "deadlinePolicyRetire", key: in.IdempotencyKey, in: in, id: in.ID, revision: in.ExpectedRevision,
		event: EventDeadlinePolicyRetired, changed: []string{"retiredAt"},
		apply: func(_ context.Context, _ *db.Tx, _ *db.DeadlinePolicy, update *db.DeadlinePolicyUpdateOne) error {
			update.SetRetiredAt(s.now())
			return nil
		},
	})
}

// MoveDeadlinePolicy says where in the order a policy shall be asked.
type MoveDeadlinePolicy struct {
	IdempotencyKey   *string
	ID               typeid.DeadlinePolicyID
	ExpectedRevision int
	BeforeID         *typeid.DeadlinePolicyID // nil for the end
}

// MoveDeadlinePolicy lets a policy be asked before another one, or last.
func (s *Service) MoveDeadlinePolicy(ctx context.Context, in MoveDeadlinePolicy) (*Change[*db.DeadlinePolicy], error) {
	return s.changePolicy(ctx, changePolicy{
		name: "deadlinePolicyMove", key: in.IdempotencyKey, in: in, id: in.ID, revision: in.ExpectedRevision,
		event: EventDeadlinePolicyMoved, changed: []string{"position"},
		apply: func(ctx context.Context, tx *db.Tx, p *db.DeadlinePolicy, update *db.DeadlinePolicyUpdateOne) error {
			order, err := s.lockPolicies(ctx, tx)
			if err != nil {
				return err
			}
			order = slices.DeleteFunc(order, func(o *db.DeadlinePolicy) bool { return o.ID == p.ID })
			at := len(order)
			if in.BeforeID != nil {
				before, err := tx.DeadlinePolicy.Get(ctx, *in.BeforeID)
				if err := seen(before, err)("beforeId"); err != nil {
					return err
				}
				if at = slices.IndexFunc(order, func(o *db.DeadlinePolicy) bool { return o.ID == before.ID }); at < 0 {
					return reject(Invalid, text("This must be another policy that is not retired.", "必须是另一个未停用的时限策略。"), "beforeId")
				}
			}
			for n, o := range order[at:] {
				if err := o.Update().SetPosition(at + 1 + n).Exec(ctx); err != nil {
					return fmt.Errorf("moving a deadline policy: %w", err)
				}
			}
			for n, o := range order[:at] {
				if err := o.Update().SetPosition(n).Exec(ctx); err != nil {
					return fmt.Errorf("moving a deadline policy: %w", err)
				}
			}
			update.SetPosition(at)
			return nil
		},
	})
}

// DeadlinePolicyOf decodes what a version of a policy says.
func DeadlinePolicyOf(v *db.DeadlinePolicyVersion) (rules.DeadlinePolicy, error) {
	var p rules.DeadlinePolicy
	if err := json.Unmarshal(v.Definition, &p); err != nil {
		return p, fmt.Errorf("decoding %s: %w", v.ID, err)
	}
	return p, nil
}
