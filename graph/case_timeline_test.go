package graph_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/dbtest"
)

// The course of a case is read from its timeline, in the reader's language. Who may
// not see the organisation is told the steps without names.
func TestTimelineTellsTheCourse(t *testing.T) {
	const timeline = `query($id: ID!) { node(id: $id) { ... on Case { entries { nodes {
		kind action text author { name } toDepartment { name } toStaff { name } } } } } }`
	type line struct{ kind, action, text, author, department, staff any }
	system := func(action, text string, author any, to ...any) line {
		to = append(to, nil, nil)
		return line{"SYSTEM", action, text, author, to[0], to[1]}
	}
	said := func(text string, author any) line { return line{"DECISION", nil, text, author, nil, nil} }
	call := func(text string, author any) line { return line{"CALL", nil, text, author, nil, nil} }
	const clerk, lead, front, beds = "The clerk", "The lead", "The front", "The beds"
	want := []struct {
		viewer, language string
		lines            []line
	}{
		{"executive", "en", []line{
			system("OPENED", "Opened.", clerk),
			system("DISPATCHED", "Dispatched to The beds.", clerk, beds),
			system("DISPATCHED", "Dispatched to The front, for The clerk to accept.", clerk, front, clerk),
			said("Wrong department", clerk),
			system("ACCEPTED", "Accepted.", lead),
			system("REPLIED", "The customer was told the outcome.", lead),
			call("It will be warm", lead),
			system("RESOLVED", "Resolved.", lead),
			said("Heated", lead),
			system("FOLLOWED_UP", "Followed up with the customer.", lead),
			call("It is warm", lead),
			system("CLOSED", "Closed.", lead),
			said("Content", lead),
		}},
		{"executive", "zh-CN", []line{
			system("OPENED", "登记个案。", clerk),
			system("DISPATCHED", "派单至The beds。", clerk, beds),
			system("DISPATCHED", "派单至The front，由The clerk受理。", clerk, front, clerk),
			said("Wrong department", clerk),
			system("ACCEPTED", "受理。", lead),
			system("REPLIED", "已将处理结果答复客户。", lead),
			call("It will be warm", lead),
			system("RESOLVED", "标记为已解决。", lead),
			said("Heated", lead),
			system("FOLLOWED_UP", "回访客户。", lead),
			call("It is warm", lead),
			system("CLOSED", "关闭个案。", lead),
			said("Content", lead),
		}},
		{"cases", "en", []line{
			system("OPENED", "Opened.", nil),
			system("DISPATCHED", "Dispatched.", nil),
			system("DISPATCHED", "Dispatched.", nil),
			said("Wrong department", nil),
			system("ACCEPTED", "Accepted.", nil),
			system("REPLIED", "The customer was told the outcome.", nil),
			call("It will be warm", nil),
			system("RESOLVED", "Resolved.", nil),
			said("Heated", nil),
			system("FOLLOWED_UP", "Followed up with the customer.", nil),
			call("It is warm", nil),
			system("CLOSED", "Closed.", nil),
			said("Content", nil),
		}},
	}
	dbtest.Each(t, func(t *testing.T, d *ent.Database) {
		c := newCompany(t, d)
		revision := 0
		step := func(who, mutation, input string, in variables) string {
			t.Helper()
			revision++
			if in["id"] != nil {
				in["expectedRevision"] = revision - 1
			}
			data := c.must(t, c.tokens[who], "mutation($in: "+input+"!) { m: "+mutation+"(input: $in) { case { id } errors { code path } } }", variables{"in": in})
			id, made := at(data, "m", "case", "id").(string)
			if !made {
				t.Fatalf("%s: %v", mutation, data)
			}
			return id
		}
		id := step("clerk", "caseOpen", "CaseOpenInput", variables{"kind": "COMPLAINT", "channel": "TELEPHONE", "subject": "Room too cold"})
		step("clerk", "caseDispatch", "CaseDispatchInput", variables{"id": id, "departmentId": c.ids["department beds"]})
		step("clerk", "caseDispatch", "CaseDispatchInput", variables{"id": id, "departmentId": c.ids["department front"],
			"assigneeId": c.ids["staff clerk"], "note": "Wrong department"})
		step("lead", "caseAccept", "CaseAcceptInput", variables{"id": id})
		step("lead", "caseReply", "CaseReplyInput", variables{"id": id, "kind": "CALL", "text": "It will be warm"})
		step("lead", "caseResolve", "CaseResolveInput", variables{"id": id, "substantiated": true, "resolution": "Heated"})
		step("lead", "caseFollowUp", "CaseFollowUpInput", variables{"id": id, "outcome": "AGREED", "word": "It is warm"})
		step("lead", "caseClose", "CaseCloseInput", variables{"id": id, "closure": "CUSTOMER_AGREED", "reason": "Content"})
		for _, test := range want {
			out := c.do(t, c.tokens[test.viewer], timeline, variables{"id": id}, "Accept-Language", test.language)
			var got []line
			for _, e := range list(out.Data, "node", "entries", "nodes") {
				got = append(got, line{at(e, "kind"), at(e, "action"), at(e, "text"), at(e, "author", "name"), at(e, "toDepartment", "name"), at(e, "toStaff", "name")})
			}
			if diff := cmp.Diff(test.lines, got, cmp.AllowUnexported(line{})); diff != "" || len(out.Errors) > 0 {
				t.Errorf("to %s in %s (-want +got): %v\n%s", test.viewer, test.language, out.Errors, diff)
			}
		}
	})
}
