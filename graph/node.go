package graph

import (
	"context"
	"encoding"
	"fmt"
	"maps"
	"slices"

	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/ent/siblings"
	"github.com/seed-34fcb60d/rounds/graph/relay"
)

// maxNodes bounds the ids of one nodes field.
const maxNodes = 100

func (r *queryResolver) Node(ctx context.Context, id string) (relay.Node, error) {
	found, err := r.Nodes(ctx, []string{id})
	if err != nil {
		return nil, err
	}
	return found[0], nil
}

func (r *queryResolver) Nodes(ctx context.Context, ids []string) ([]relay.Node, error) {
	if len(ids) > maxNodes {
		return nil, &relay.ArgumentError{Argument: "ids", Reason: fmt.Sprintf("must have at most %d elements", maxNodes)}
	}
	found, err := r.nodes(ctx, ids)
	if err != nil {
		return nil, err
	}
	nodes := make([]relay.Node, len(ids))
	for i, id := range ids {
		nodes[i] = found[id]
	}
	return nodes, nil
}

// nodes returns the visible records with these ids, by one statement for each kind.
func (r *Resolver) nodes(ctx context.Context, ids []string) (map[string]relay.Node, error) {
	kinds := map[string][]string{}
	for _, id := range ids {
		kind := typeid.Prefix(id)
		kinds[kind] = append(kinds[kind], id)
	}
	found := map[string]relay.Node{}
	for kind, some := range kinds {
		if load := r.nodeLoader(kind); load != nil {
			if err := load(ctx, some, found); err != nil {
				return nil, err
			}
		}
	}
	return found, nil
}

// nodeLoader returns what reads the records of a kind into a map by their ids; nil
// for a prefix that is of no kind.
func (r *Resolver) nodeLoader(kind string) func(context.Context, []string, map[string]relay.Node) error {
	switch kind {
	case "site":
		return loader(r.sites())
	case "dept":
		return loader(r.departments())
	case "staff":
		return loader(r.staff())
	case "dl":
		return loader(r.deadlines())
	case "seg":
		return loader(r.segments())
	case "esc":
		return loader(r.escalations())
	case "abs":
		return loader(r.absences())
	case "dlpol":
		return loader(r.deadlinePolicies())
	case "cal":
		return loader(r.calendars())
	case "cust":
		return loader(r.customers())
	case "consent":
		return loader(r.consents())
	case "attempt":
		return loader(r.contactAttempts())
	case "owner":
		return loader(r.ownerChanges())
	case "disc":
		return loader(r.disclosures())
	case "cp":
		return loader(r.contactPoints())
	case "case":
		return loader(r.cases())
	case "entry":
		return loader(r.entries())
	case "teach":
		return loader(r.teachingCases())
	case "train":
		return loader(r.trainings())
	case "att":
		return loader(r.attachments())
	case "arch":
		return loader(r.archives())
	case "hand":
		return loader(r.handOvers())
	case "link":
		return loader(r.caseLinks())
	case "follow":
		return loader(r.followUps())
	case "inv":
		return loader(r.investigations())
	case "comp":
		return loader(r.compensations())
	case "conduct":
		return loader(r.proposals())
	case "measure":
		return loader(r.measures())
	case "task":
		return loader(r.tasks())
	case "topic":
		return loader(r.topics())
	case "cause":
		return loader(r.causes())
	case "chkv":
		return loader(r.checklists())
	case "plugin":
		return loader(r.plugins())
	case "plv":
		return loader(r.pluginVersions())
	case "plan":
		return loader(r.controlPlans())
	case "planned":
		return loader(r.plannedInspections())
	case "insp":
		return loader(r.inspections())
	case "ans":
		return r.answerLoader()
	case "find":
		return loader(r.findings())
	case "baseline":
		return loader(r.chartBaselines())
	case "alarm":
		return loader(r.chartAlarms())
	case "scheme":
		return loader(r.schemes())
	case "ind":
		return loader(r.indicators())
	case "appr":
		return loader(r.appraisals())
	case "shift":
		return loader(r.shifts())
	case "visit":
		return loader(r.visits())
	case "swap":
		return loader(r.shiftSwaps())
	default:
		return nil
	}
}

// loader reads records of a table by the outside form of their ids.
func loader[T any, R interface {
	relay.Row[T]
	relay.Node
}, ID key, P text[ID]](t table[T, ID]) func(context.Context, []string, map[string]relay.Node) error {
	return func(ctx context.Context, texts []string, found map[string]relay.Node) error {
		names := map[ID]string{}
		for _, s := range texts {
			if id, ok := parse[ID, P](s); ok {
				names[id] = s
			}
		}
		rows, err := t.byIDs(ctx, slices.Collect(maps.Keys(names)))
		for _, row := range siblings.Together[T, R](rows) {
			found[names[t.id(row)]] = R(row)
		}
		return err
	}
}

// text is a pointer to an id that reads its outside form.
type text[ID any] interface {
	*ID
	encoding.TextUnmarshaler
}

// parse reads an id; false for a text that is none of its kind.
func parse[ID key, P text[ID]](s string) (ID, bool) {
	var id ID
	err := P(&id).UnmarshalText([]byte(s))
	return id, err == nil && !id.IsZero()
}

// parsed is parse for where any kind of id will do.
func parsed[ID key, P text[ID]](s string) (any, bool) { return parse[ID, P](s) }
