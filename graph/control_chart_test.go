package graph_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/dbtest"
)

// Charts and comparisons are of the inspections that the viewer sees.
func TestScopeOfControlCharts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *ent.Database) {
		w := &walk{company: newCompany(t, d)}
		w.visibility = policy(t, w.company)
		const when = `from: "2026-01-01T00:00:00Z", to: "2027-01-01T00:00:00Z"`
		for _, viewer := range viewers {
			if !mayList(viewer, "Inspection") || !mayList(viewer, "Department") {
				w.forbidden(t, viewer, `{ a: controlChart(input: {characteristic: "desk.reception", departmentId: "x", `+when+`}) { kind }
					b: layerAgreement(input: {departmentId: "x", `+when+`, layers: [SELF_CHECK, SAMPLING]}) { departments { items } } }`, "a", "b")
				continue
			}
			for name, of := range map[string][2]string{"desk": {"front", "minutes"}, "shop": {"till", "rings"}} {
				data := w.must(t, w.tokens[viewer], `query($d: ID!) {
					values: controlChart(input: {characteristic: "desk.reception/`+of[1]+`", departmentId: $d, `+when+`}) {
						problem main { points { inspectionId alarmIds } } baselines { baselineId } }
					shares: controlChart(input: {characteristic: "desk.reception", departmentId: $d, `+when+`}) { main { points { inspectionId } } }
					agreement: layerAgreement(input: {departmentId: $d, `+when+`, layers: [SELF_CHECK, SAMPLING]}) {
						departments { department { id } } inspectors { department { id } inspector { id } } } }`,
					variables{"d": w.ids["department "+of[0]]})
				// One sees the points of the inspections that one sees, and the alarms that one sees.
				points, alarms, baselines, shares, compared := []string{}, []string{}, []string{}, []string{}, []string{}
				if w.sees(viewer, "inspection "+name) {
					points, shares = append(points, w.ids["inspection "+name]), append(shares, w.ids["inspection "+name])
					if w.sees(viewer, "department "+of[0]) {
						compared = append(compared, w.ids["department "+of[0]])
					} else {
						compared = append(compared, "")
					}
					var baseline string
					if w.sees(viewer, "baseline "+name) {
						baseline = w.ids["baseline "+name]
					}
					baselines = append(baselines, baseline)
					if w.sees(viewer, "alarm "+name) {
						alarms = append(alarms, w.ids["alarm "+name])
					}
				}
				got := [][]string{column(list(data, "values", "main", "points"), "inspectionId"), {}, column(list(data, "values", "baselines"), "baselineId"),
					column(list(data, "shares", "main", "points"), "inspectionId"), column(list(data, "agreement", "departments"), "department", "id")}
				for _, p := range list(data, "values", "main", "points") {
					for _, id := range list(p, "alarmIds") {
						got[1] = append(got[1], id.(string))
					}
				}
				want := [][]string{points, alarms, baselines, shares, compared}
				if diff := cmp.Diff(fmt.Sprint(want), fmt.Sprint(got)); diff != "" {
					t.Errorf("%s at the %s (-want +got):\n%s", viewer, of[0], diff)
				}
			}
		}
	})
}

// What is wrong with a question is told with where it is wrong.
func TestControlChartQuestions(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *ent.Database) {
		c := newCompany(t, d)
		for _, language := range []string{"en", "zh-CN"} {
			out := c.do(t, asSystem, `{ controlChart(input: {characteristic: "/", departmentId: "x", from: "2026-01-01T00:00:00Z", to: "2027-01-01T00:00:00Z"}) { kind } }`,
				nil, "Accept-Language", language)
			if diff := cmp.Diff([]string{"BAD_ARGUMENT"}, out.codes()); diff != "" || !strings.Contains(out.Errors[0].Message, "input.characteristic") {
				t.Errorf("%s: %+v", language, out)
			}
		}
		data := c.must(t, asSystem, `query($d: ID!) { c: controlChart(input: {characteristic: "desk.reception/minutes", departmentId: $d, from: "2026-01-01T00:00:00Z", to: "2027-01-01T00:00:00Z",
			rules: [NELSON_1]}) { kind interval unit problem problemText { en zh } rules main { statistic points { value n within centre lower upper baseline }
			violations { rule side at points text { zh } } } spread { statistic points { value } } baselines { from mean sigma points } } }`, variables{"d": c.ids["department front"]})
		want := map[string]any{"kind": "INDIVIDUALS", "interval": "NONE", "unit": "min", "problem": nil, "problemText": nil, "rules": []any{"NELSON_1"},
			"main": map[string]any{"statistic": "VALUE",
				"points": []any{map[string]any{"value": 7.0, "n": 1.0, "within": false, "centre": 3.0, "lower": 0.0, "upper": 6.0, "baseline": 0.0}},
				"violations": []any{
					map[string]any{"rule": "OUTSIDE_LIMITS", "side": nil, "at": 0.0, "points": []any{0.0}, "text": map[string]any{"zh": "测量值超出该项目的规定限值。"}},
					map[string]any{"rule": "NELSON_1", "side": "ABOVE", "at": 0.0, "points": []any{0.0}, "text": map[string]any{"zh": "一个点距中心线超过三倍标准差。"}}}},
			"spread":    map[string]any{"statistic": "MOVING_RANGE", "points": []any{map[string]any{"value": nil}}},
			"baselines": []any{map[string]any{"from": 0.0, "mean": 3.0, "sigma": 1.0, "points": 0.0}}}
		if diff := cmp.Diff(want, data["c"]); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}
