package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// checklistCode names the checklist that all inspections use. It has 16 items, of
// which some exclude each other, so that 15 can be answered.
const checklistCode = "frontdesk.reservations"

// item is what has to be known of a checklist's item to answer it.
type item struct {
	Code                   string
	Kind                   string
	KeyActivity            bool
	LowerLimit, UpperLimit *float64
	Choices                []struct {
		Code   string
		Credit float64
	}
	Excludes []string
}

// good is the answer with which the item passes.
func (i item) good() map[string]any {
	answer := map[string]any{"item": i.Code, "evidence": []string{"photo-" + i.Code + ".jpg"}}
	switch i.Kind {
	case "YES_NO":
		answer["yes"] = true
	case "NUMBER":
		answer["number"] = 0.0
		if i.UpperLimit != nil {
			answer["number"] = *i.UpperLimit
		} else if i.LowerLimit != nil {
			answer["number"] = *i.LowerLimit
		}
	case "CHOICE":
		for _, choice := range i.Choices {
			if choice.Credit == 1 {
				answer["choice"] = choice.Code
			}
		}
	case "TEXT":
		answer["text"] = "As it should be."
	}
	return answer
}

// awaitReady waits until a server is ready and all its plugins are.
func awaitReady(ctx context.Context, addr string) error {
	return poll(ctx, time.Minute, func() (bool, error) {
		resp, err := http.Get("http://" + addr + "/readyz")
		var refused *net.OpError
		if errors.As(err, &refused) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		body, err := io.ReadAll(resp.Body)
		err = errors.Join(err, resp.Body.Close())
		plugins := strings.Count(string(body), `"plugin `)
		return resp.StatusCode == http.StatusOK && plugins > 0 && strings.Count(string(body), `"READY"`) == plugins, err
	})
}

// checklistItems asks for the items of the checklist that inspections use.
func checklistItems(c *client) ([]item, error) {
	var answer struct {
		Checklists struct {
			Nodes []struct{ Sections []struct{ Items []item } }
		}
	}
	err := c.ask(&answer, `query ($code: String!) { checklists(first: 1, filter: {code: $code}) { nodes { sections { items {
		code kind keyActivity excludes ...on NumberItem { lowerLimit upperLimit } ...on ChoiceItem { choices { code credit } } } } } } }`, map[string]any{"code": checklistCode})
	if err != nil {
		return nil, err
	}
	var items []item
	for _, checklist := range answer.Checklists.Nodes {
		for _, section := range checklist.Sections {
			items = append(items, section.Items...)
		}
	}
	if len(items) < answersEach {
		return nil, fmt.Errorf("the checklist %s has %d items: %d are needed", checklistCode, len(items), answersEach)
	}
	return items, nil
}

// answersOf answers a checklist for the n-th time. Every third time it passes whole;
// else one or two items fail, none of them a key activity. Of the items that are
// excluded by others as many are left out as are more than 15; the rest do not apply.
func answersOf(items []item, n int) []map[string]any {
	surplus := len(items) - answersEach
	answered := map[string]bool{}
	var answers []map[string]any
	var mayFail []int
	for _, i := range items {
		excluded := false
		for _, other := range i.Excludes {
			excluded = excluded || answered[other]
		}
		switch {
		case excluded && surplus > 0:
			surplus--
			continue
		case excluded:
			answers = append(answers, map[string]any{"item": i.Code, "notApplicable": true, "reason": "Not seen."})
			continue
		}
		answered[i.Code] = true
		if i.Kind == "YES_NO" && !i.KeyActivity {
			mayFail = append(mayFail, len(answers))
		}
		answers = append(answers, i.good())
	}
	for f := range n % 3 {
		failed := answers[mayFail[(n+5*f)%len(mayFail)]]
		failed["yes"], failed["note"] = false, "Seen at the counter."
	}
	return answers
}

// draft is an inspection that can be completed.
type draft struct {
	id       string
	revision int
}

const (
	startMutation = `mutation ($input: InspectionStartInput!) { inspectionStart(input: $input) {
		inspection { id revision } errors { code message } } }`
	answerMutation = `mutation ($input: InspectionAnswerInput!) { inspectionAnswer(input: $input) {
		inspection { id revision } errors { code message } } }`
	completeMutation = `mutation ($input: InspectionCompleteInput!) { inspectionComplete(input: $input) {
		inspection { id status score passed findings { item severity } } errors { code message } cursor } }`
)

type inspectionAnswer struct {
	Inspection struct {
		ID       string
		Revision int
	}
	Errors []userError
}

// makeDraft starts an inspection of a department and answers it.
func makeDraft(c *client, department string, answers []map[string]any) (draft, error) {
	var started struct{ InspectionStart inspectionAnswer }
	err := c.ask(&started, startMutation, map[string]any{"input": map[string]any{
		"checklist": checklistCode, "departmentId": department, "layer": "SAMPLING", "place": "Counter 1"}})
	if err = errors.Join(err, refusal("inspectionStart", started.InspectionStart.Errors)); err != nil {
		return draft{}, err
	}
	made := started.InspectionStart.Inspection
	var saved struct{ InspectionAnswer inspectionAnswer }
	err = c.ask(&saved, answerMutation, map[string]any{"input": map[string]any{
		"id": made.ID, "expectedRevision": made.Revision, "answers": answers}})
	err = errors.Join(err, refusal("inspectionAnswer", saved.InspectionAnswer.Errors))
	return draft{made.ID, saved.InspectionAnswer.Inspection.Revision}, err
}

// completeBody is the request that completes a draft.
func completeBody(d draft) []byte {
	return operationBody(completeMutation, map[string]any{"input": map[string]any{
		"id": d.id, "expectedRevision": d.revision, "idempotencyKey": "complete-" + d.id}})
}

// patternCount is how many different inspections the data set consists of.
const patternCount = 24

// makePatterns lets a server's plugins judge some inspections, and reads what it
// stored of them.
func (t *store) makePatterns(ctx context.Context, binary string) (_ []pattern, err error) {
	token, err := t.token(ctx, binary, t.set.first("QUALITY_OFFICER"))
	if err != nil {
		return nil, err
	}
	server, err := t.startServer(ctx, binary)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, server.stop()) }()
	if err := awaitReady(ctx, server.addr); err != nil {
		return nil, fmt.Errorf("waiting for the server: %w", err)
	}
	c, err := dial(ctx, server.addr, "/graphql", token)
	if err != nil {
		return nil, err
	}
	defer c.close()
	items, err := checklistItems(c)
	if err != nil {
		return nil, err
	}
	for n := range patternCount {
		d, err := makeDraft(c, departmentText(t.set.departments[0].id), answersOf(items, n))
		if err != nil {
			return nil, err
		}
		var done struct{ InspectionComplete inspectionAnswer }
		err = c.ask(&done, completeMutation, map[string]any{"input": map[string]any{"id": d.id, "expectedRevision": d.revision}})
		if err = errors.Join(err, refusal("inspectionComplete", done.InspectionComplete.Errors)); err != nil {
			return nil, err
		}
	}
	return t.readPatterns(ctx)
}

func (t *store) readPatterns(ctx context.Context) (patterns []pattern, err error) {
	rows, err := t.db.SQL().QueryContext(ctx, "SELECT id, checklist_version_id, score, passed, judgement FROM inspections ORDER BY started_at, id")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var ids []id
	for rows.Next() {
		var own id
		var p pattern
		if err := rows.Scan(&own, &p.checklist, &p.score, &p.passed, (*[]byte)(&p.judgement)); err != nil {
			return nil, err
		}
		ids, patterns = append(ids, own), append(patterns, p)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	for i := range patterns {
		if patterns[i].answers, err = t.readParts(ctx, "answers", answerColumns, ids[i]); err != nil {
			return nil, err
		}
		if patterns[i].findings, err = t.readParts(ctx, "findings", findingColumns, ids[i]); err != nil {
			return nil, err
		}
		if n := len(patterns[i].answers); n != answersEach {
			return nil, fmt.Errorf("an inspection has %d answers, want %d", n, answersEach)
		}
	}
	return patterns, nil
}

// readParts reads columns of the rows that belong to an inspection, as they are to
// be stored again.
func (t *store) readParts(ctx context.Context, table string, columns []string, inspection id) (parts [][]any, err error) {
	query := "SELECT " + strings.Join(columns, ", ") + " FROM " + table + " WHERE inspection_id = $1 ORDER BY item"
	rows, err := t.db.SQL().QueryContext(ctx, query, inspection[:])
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		row := make([]any, len(columns))
		into := make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		parts = append(parts, row)
	}
	return parts, rows.Err()
}
