package wire

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Cost is what an operation may make the server resolve, in fields: each field
// counts 1 for every time it can occur. A field with an argument first or last
// multiplies by it: a list field all that is under it, any other the lists right
// under it (edges and nodes of a connection, not pageInfo or totalCount). A field
// whose type is named …Connection and that has neither argument multiplies by 25.
// A list field with a list among its arguments, such as nodes(ids:), multiplies by
// that list's length; other lists by 10. The directives of the schema @cost(weight:),
// which counts that much more, and @listSize(assumedSize:), by which a list then
// multiplies whatever its arguments are, are for fields that take more work than
// this would tell. The introspection field __schema counts 8,000, __type 100.
//
// It is sent in extensions.cost of every response that came so far, and with the
// first event of a subscription, whose cost is that of one event.
type Cost struct {
	Requested int `json:"requested"`
	Budget    int `json:"budget"`    // what one operation may cost
	Remaining int `json:"remaining"` // of the budget; 0 if the operation was refused for its cost
}

const (
	defaultPageSize = 25
	defaultListSize = 10 // of a list that is not paged
	schemaCost      = 8000
	typeCost        = 100
	maxPageSize     = 1 << 20 // larger ones cost no more; nothing can pay for them
)

func newCost(requested, budget int) *Cost {
	return &Cost{Requested: requested, Budget: budget, Remaining: max(budget-requested, 0)}
}

func (c *Cost) check() *gqlerror.Error {
	if c.Requested <= c.Budget {
		return nil
	}
	return newError(CodeTooCostly, fmt.Sprintf(
		"The operation costs %d; at most %d is allowed. Ask for fewer fields or smaller pages.", c.Requested, c.Budget))
}

// addCost reports the cost in extensions.cost.
func addCost(resp *graphql.Response, c *Cost) {
	if c == nil {
		return
	}
	if resp.Extensions == nil {
		resp.Extensions = make(map[string]any, 1)
	}
	resp.Extensions["cost"] = c
}

// connectionSuffix ends the names of the types of pages.
const connectionSuffix = "Connection"

// fieldShape is what the cost of a field depends on in the schema.
type fieldShape struct {
	typeName   string
	list       bool
	connection bool
	weight     int // counted besides what is selected
	size       int // of the list; 0 where it depends on the arguments
}

type shapes map[string]map[string]fieldShape // type name, field name

func shapesOf(schema *ast.Schema) shapes {
	all := make(shapes, len(schema.Types))
	for name, def := range schema.Types {
		fields := make(map[string]fieldShape, len(def.Fields))
		for _, f := range def.Fields {
			fields[f.Name] = fieldShape{
				typeName:   f.Type.Name(),
				list:       f.Type.Elem != nil,
				connection: strings.HasSuffix(f.Type.Name(), connectionSuffix),
				weight:     stated(f, "cost", "weight"),
				size:       stated(f, "listSize", "assumedSize"),
			}
		}
		all[name] = fields
	}
	return all
}

// stated is a number that a directive of the schema says of a field, 0 without it.
func stated(f *ast.FieldDefinition, directive, argument string) int {
	d := f.Directives.ForName(directive)
	if d == nil {
		return 0
	}
	n, _ := parseSize(d.Arguments.ForName(argument).Value.Raw) // the schema is valid: it is an Int!
	return n
}

// weight is the cost of a selection set: what is resolved once, and what is
// resolved for each element of the page that the parent field sets.
type weight struct{ once, each int }

func (w *weight) add(other weight) {
	w.once = bounded(w.once + other.once)
	w.each = bounded(w.each + other.each)
}

// weigher computes costs in time linear in the document, like counter. The
// document has no fragment cycles but may be invalid otherwise.
type weigher struct {
	shapes    shapes
	operation *ast.OperationDefinition
	variables map[string]any // as sent
	fragments map[string]*fragmentWeight
	steps     int // selections visited
}

type fragmentWeight struct {
	definition *ast.FragmentDefinition
	known      bool
	weight     weight
}

func costOf(schema *ast.Schema, s shapes, doc *ast.QueryDocument, op *ast.OperationDefinition, variables map[string]any) (cost, steps int) {
	w := weigher{shapes: s, operation: op, variables: variables, fragments: make(map[string]*fragmentWeight, len(doc.Fragments))}
	for _, f := range doc.Fragments {
		if w.fragments[f.Name] == nil {
			w.fragments[f.Name] = &fragmentWeight{definition: f}
		}
	}
	var root string
	if def := rootType(schema, op.Operation); def != nil {
		root = def.Name
	}
	sum := w.set(op.SelectionSet, root)
	return bounded(sum.once + sum.each), w.steps
}

func rootType(schema *ast.Schema, kind ast.Operation) *ast.Definition {
	switch kind {
	case ast.Mutation:
		return schema.Mutation
	case ast.Subscription:
		return schema.Subscription
	default:
		return schema.Query
	}
}

func (w *weigher) set(selections ast.SelectionSet, parent string) weight {
	var sum weight
	for _, selection := range selections {
		w.steps++
		switch s := selection.(type) {
		case *ast.Field:
			sum.add(w.field(s, parent))
		case *ast.InlineFragment:
			on := parent
			if s.TypeCondition != "" {
				on = s.TypeCondition
			}
			sum.add(w.set(s.SelectionSet, on))
		case *ast.FragmentSpread:
			f := w.fragments[s.Name]
			if f == nil {
				continue
			}
			if !f.known {
				f.weight, f.known = w.set(f.definition.SelectionSet, f.definition.TypeCondition), true
			}
			sum.add(f.weight)
		}
	}
	return sum
}

func (w *weigher) field(f *ast.Field, parent string) weight {
	sum := w.resolved(f, parent)
	sum.once = bounded(sum.once + w.shapes[parent][f.Name].weight)
	return sum
}

// resolved is the cost of a field without what the schema adds to it.
func (w *weigher) resolved(f *ast.Field, parent string) weight {
	shape := w.shapes[parent][f.Name]
	below := w.set(f.SelectionSet, shape.typeName)
	switch f.Name {
	case "__schema":
		return weight{once: bounded(schemaCost + bounded(below.once+below.each))}
	case "__type":
		return weight{once: bounded(typeCost + bounded(below.once+below.each))}
	}
	size, paged := w.pageSize(f, shape)
	switch {
	case shape.list && paged:
		return weight{once: bounded(1 + times(size, bounded(below.once+below.each)))}
	case shape.list && strings.HasSuffix(parent, connectionSuffix):
		return weight{once: 1, each: bounded(below.once + below.each)}
	case shape.list && !strings.HasPrefix(parent, "__"): // the schema is paid for as a whole
		return weight{once: bounded(1 + times(defaultListSize, bounded(below.once+below.each)))}
	case paged:
		return weight{once: bounded(1 + below.once + times(size, below.each))}
	default:
		return weight{once: bounded(1 + bounded(below.once+below.each))}
	}
}

func times(a, b int) int { return int(min(int64(a)*int64(b), ceiling)) }

// pageSize is how many elements f returns at most, and whether anything says so.
func (w *weigher) pageSize(f *ast.Field, shape fieldShape) (size int, paged bool) {
	if shape.size > 0 {
		return shape.size, true
	}
	for _, arg := range f.Arguments {
		n, ok := 0, false
		if arg.Name == "first" || arg.Name == "last" {
			n, ok = w.number(arg.Value)
		} else if shape.list {
			n, ok = w.length(arg.Value)
		}
		if ok {
			size, paged = max(size, n), true
		}
	}
	if !paged && shape.connection {
		return defaultPageSize, true
	}
	return min(size, maxPageSize), paged
}

// number is the value of an integer, literal or by variable. It is not known
// before validation that the value is one.
func (w *weigher) number(v *ast.Value) (int, bool) {
	switch sent, literal := w.resolve(v); sent := sent.(type) {
	case json.Number:
		return parseSize(sent.String())
	default:
		if literal != nil && literal.Kind == ast.IntValue {
			return parseSize(literal.Raw)
		}
		return 0, false
	}
}

// length is the number of elements of a list, literal or by variable.
func (w *weigher) length(v *ast.Value) (int, bool) {
	switch sent, literal := w.resolve(v); sent := sent.(type) {
	case []any:
		return len(sent), true
	default:
		if literal != nil && literal.Kind == ast.ListValue {
			return len(literal.Children), true
		}
		return 0, false
	}
}

// resolve follows a variable to the value sent for it, or to its default.
func (w *weigher) resolve(v *ast.Value) (sent any, literal *ast.Value) {
	if v == nil || v.Kind != ast.Variable {
		return nil, v
	}
	if sent, ok := w.variables[v.Raw]; ok {
		return sent, nil
	}
	for _, def := range w.operation.VariableDefinitions {
		if def.Variable == v.Raw {
			return nil, def.DefaultValue
		}
	}
	return nil, nil
}

// parseSize reads a page size; one too large for an integer is the largest.
func parseSize(s string) (int, bool) {
	n, err := strconv.ParseFloat(s, 64) // JSON may write 100 as 1e2
	if err != nil && n == 0 {
		return 0, false
	}
	return int(min(max(n, 0), maxPageSize)), true
}
