package sdktest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
)

// difference says where two values differ first, written in JSON, such as
// "items[3].credit is 1 and 0"; empty when they say the same. No list and an empty
// list do: not every way of handing an answer on keeps them apart.
func difference(one, other any) string {
	a, err := json.Marshal(one)
	if err != nil {
		return err.Error()
	}
	b, err := json.Marshal(other)
	if err != nil {
		return err.Error()
	}
	if bytes.Equal(a, b) {
		return ""
	}
	var left, right any
	_, _ = json.Unmarshal(a, &left), json.Unmarshal(b, &right) // what was just written can be read
	return firstDifference("", left, right)
}

func firstDifference(path string, left, right any) string {
	switch left := left.(type) {
	case map[string]any:
		right, _ := right.(map[string]any)
		keys := maps.Clone(left)
		maps.Copy(keys, right)
		for _, key := range slices.Sorted(maps.Keys(keys)) {
			inner := key
			if path != "" {
				inner = path + "." + key
			}
			if diff := firstDifference(inner, left[key], right[key]); diff != "" {
				return diff
			}
		}
		return ""
	case []any:
		right, isList := right.([]any)
		if len(left) != len(right) || !isList && len(left) > 0 {
			return fmt.Sprintf("%s has %d entries and %d", path, len(left), len(right))
		}
		for i := range left {
			if diff := firstDifference(fmt.Sprintf("%s[%d]", path, i), left[i], right[i]); diff != "" {
				return diff
			}
		}
		return ""
	case nil:
		if list, isList := right.([]any); isList && len(list) == 0 {
			return ""
		}
	}
	if reflect.DeepEqual(left, right) {
		return ""
	}
	return fmt.Sprintf("%s is %v and %v", path, left, right)
}
