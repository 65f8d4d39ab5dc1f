package wire

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/core"
)

// checkVariables refuses values that the executor would coerce, but the
// specification does not (GraphQL, 3.5 and 3.9, Input Coercion): a text for a
// number, a number for a text, an Int beyond 32 bits, an enum value in another
// case. The cost of an operation is counted with the values as they were sent, so
// a page size that only the executor can read would be had for nothing.
//
// The operation is valid. What values lack, and which they have too much, the
// executor tells.
func checkVariables(schema *ast.Schema, op *ast.OperationDefinition, variables map[string]any) *gqlerror.Error {
	for _, v := range op.VariableDefinitions {
		path := ast.Path{ast.PathName("variable"), ast.PathName(v.Variable)}
		if misfit := misfitOf(schema, v.Type, variables[v.Variable], path); misfit != nil {
			return variableError(gqlerror.ErrorPathf(misfit, "misfit"))
		}
	}
	return nil
}

// misfitOf returns the path of the first value that is not of the type, nil if
// there is none. It goes as deep as the types, not as deep as the value.
func misfitOf(schema *ast.Schema, t *ast.Type, value any, path ast.Path) ast.Path {
	if value == nil {
		return nil
	}
	if t.Elem != nil {
		list, ok := value.([]any)
		if !ok { // stands for a list of one
			return misfitOf(schema, t.Elem, value, path)
		}
		for i, element := range list {
			if misfit := misfitOf(schema, t.Elem, element, append(path, ast.PathIndex(i))); misfit != nil {
				return misfit
			}
		}
		return nil
	}
	def := schema.Types[t.NamedType]
	if def.Kind != ast.InputObject {
		if fits(def, value) {
			return nil
		}
		return slices.Clone(path)
	}
	object, ok := value.(map[string]any)
	if !ok {
		return slices.Clone(path)
	}
	for _, f := range def.Fields {
		if misfit := misfitOf(schema, f.Type, object[f.Name], append(path, ast.PathName(f.Name))); misfit != nil {
			return misfit
		}
	}
	return nil
}

// uploadScalar is the name of the scalar that stands for files, by the specification of
// forms with files.
const uploadScalar = "Upload"

// fits reports whether a decoded JSON value may stand for a scalar or an
// enumeration. Scalars of the schema's own judge for themselves.
func fits(def *ast.Definition, value any) bool {
	text, isText := value.(string)
	number, isNumber := value.(json.Number)
	_, isFile := value.(Upload)
	switch {
	case isFile != (def.Name == uploadScalar):
		return false
	case def.Kind == ast.Enum:
		return isText && def.EnumValues.ForName(text) != nil
	case def.Name == "Int":
		return isNumber && isInt(number.String())
	case def.Name == "Float":
		return isNumber
	case def.Name == "String":
		return isText
	case def.Name == "ID":
		return isText || isNumber && !strings.ContainsAny(number.String(), ".eE")
	default:
		return true
	}
}

// isInt reports whether a text is that of an Int, which has 32 bits.
func isInt(s string) bool {
	_, err := strconv.ParseInt(s, 10, 32)
	return err == nil
}

// intRange refuses integers in the document that no Int can hold. The standard
// rules look only at how they are written.
var intRange = validator.Rule{
	Name: "IntRange",
	RuleFunc: func(observers *validator.Events, addError validator.AddErrFunc) {
		observers.OnValue(func(_ *validator.Walker, value *ast.Value) {
			if value.Kind == ast.IntValue && value.Definition != nil && value.Definition.Name == "Int" && !isInt(value.Raw) {
				addError(validator.Message("Int cannot represent a number of more than 32 bits."), core.At(value.Position))
			}
		})
	},
}
