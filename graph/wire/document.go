package wire

import (
	"context"
	"fmt"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

const (
	maxCachedDocument   = 16 << 10 // bytes; bounds what the cache can hold
	maxValidationErrors = 20       // in one response
	maxMessage          = 300      // bytes of a parser's or validator's, which quote the document
)

// documents parses, counts and validates, in this order, and remembers what
// passed all three.
type documents struct {
	schema *ast.Schema
	shapes shapes
	limits Limits
	valid  *lru.Cache[string, *ast.QueryDocument]
}

func newDocuments(schema *ast.Schema, limits Limits, size int) *documents {
	valid, err := lru.New[string, *ast.QueryDocument](size)
	if err != nil {
		panic("wire: Config.Documents: " + err.Error())
	}
	return &documents{schema: schema, shapes: shapesOf(schema), limits: limits, valid: valid}
}

// prepared is an operation that may be executed.
type prepared struct {
	document  *ast.QueryDocument
	operation *ast.OperationDefinition
	cost      *Cost
}

// prepare finds the operation to execute. permit, unless nil, says whether the
// transport refuses it.
func (d *documents) prepare(params *graphql.RawParams, permit func(*ast.OperationDefinition) *refusal) (*prepared, *refusal) {
	doc, known := d.valid.Get(params.Query)
	if !known {
		var err *gqlerror.Error
		if doc, err = d.parse(params.Query); err != nil {
			return nil, &refusal{errors: gqlerror.List{err}}
		}
		if _, err = checkLimits(doc, d.limits); err != nil {
			return nil, &refusal{errors: gqlerror.List{err}}
		}
	}
	op, err := operationOf(doc, params.OperationName)
	if err != nil {
		return nil, &refusal{errors: gqlerror.List{err}}
	}
	if permit != nil {
		if r := permit(op); r != nil {
			return nil, r
		}
	}
	requested, _ := costOf(d.schema, d.shapes, doc, op, params.Variables)
	cost := newCost(requested, d.limits.Cost)
	if err := cost.check(); err != nil {
		return nil, &refusal{errors: gqlerror.List{err}, cost: cost}
	}
	if !known {
		if errs := d.validate(doc); len(errs) > 0 {
			return nil, &refusal{errors: errs, cost: cost}
		}
		if len(params.Query) <= maxCachedDocument {
			d.valid.Add(params.Query, doc)
		}
	}
	return &prepared{document: doc, operation: op, cost: cost}, nil
}

func (d *documents) parse(query string) (*ast.QueryDocument, *gqlerror.Error) {
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: query}, d.limits.Tokens)
	if err != nil {
		e := asGraphQL(err)
		if strings.HasPrefix(e.Message, "exceeded token limit") {
			return nil, newError(CodeTooManyTokens, fmt.Sprintf("The document has more than %d tokens.", d.limits.Tokens))
		}
		syntax := newError(CodeParseFailed, clip(e.Message, maxMessage))
		syntax.Locations = e.Locations
		return nil, syntax
	}
	if len(doc.Operations) == 0 {
		return nil, newError(CodeParseFailed, "The document has no operation.")
	}
	return doc, nil
}

func operationOf(doc *ast.QueryDocument, name string) (*ast.OperationDefinition, *gqlerror.Error) {
	if name == "" && len(doc.Operations) > 1 {
		return nil, newError(CodeNoSuchOperation, "The document has several operations; operationName must name one.")
	}
	op := doc.Operations.ForName(name)
	if op == nil {
		return nil, newError(CodeNoSuchOperation, "The document has no operation with the given operationName.")
	}
	return op, nil
}

// validate applies the rules of the GraphQL specification.
func (d *documents) validate(doc *ast.QueryDocument) gqlerror.List {
	errs := validator.ValidateWithRules(d.schema, doc, discreetRules())
	errs = errs[:min(len(errs), maxValidationErrors)]
	for _, e := range errs {
		e.Message = clip(e.Message, maxMessage)
		e.Extensions = map[string]any{"code": CodeValidationFailed}
	}
	return errs
}

// discreetRules are the standard rules and [intRange], without the hints at names
// that resemble a wrong one: they would spell out a schema whose introspection is
// closed.
func discreetRules() *rules.Rules {
	r := rules.NewDefaultRules()
	for talkative, discreet := range map[string]validator.Rule{
		rules.FieldsOnCorrectTypeRule.Name: rules.FieldsOnCorrectTypeRuleWithoutSuggestions,
		rules.ScalarLeafsRule.Name:         rules.ScalarLeafsRuleWithoutSuggestions,
		rules.KnownArgumentNamesRule.Name:  rules.KnownArgumentNamesRuleWithoutSuggestions,
		rules.KnownTypeNamesRule.Name:      rules.KnownTypeNamesRuleWithoutSuggestions,
		rules.ValuesOfCorrectTypeRule.Name: rules.ValuesOfCorrectTypeRuleWithoutSuggestions,
	} {
		r.RemoveRule(talkative)
		r.AddRule(discreet.Name, discreet.RuleFunc)
	}
	r.AddRule(intRange.Name, intRange.RuleFunc)
	return r
}

// preparedKey carries the document of a request to the executor.
type preparedKey struct{}

// handover is the executor's query cache. The documents are prepared here, before
// the executor is asked, so it finds each of them and never parses one.
type handover struct{}

func (handover) Get(ctx context.Context, _ string) (*ast.QueryDocument, bool) {
	doc, ok := ctx.Value(preparedKey{}).(*ast.QueryDocument)
	return doc, ok
}

func (handover) Add(context.Context, string, *ast.QueryDocument) {}

// variableError rewrites what the validator says about variables, which names
// kinds of Go and repeats values.
func variableError(e *gqlerror.Error) *gqlerror.Error {
	message := "has a value that its type does not allow"
	switch e.Message {
	case "must be defined", "cannot be null", "unknown field":
		message = e.Message
	}
	return newError(CodeBadVariables, "Variable $"+clip(e.Path[1:].String(), maxMessage)+": "+message+".")
}
