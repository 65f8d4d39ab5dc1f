package quality_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality"
)

// topic adds a topic to the hotel's tree.
func (c *company) topic(t testing.TB, code string, above *db.Topic) *db.Topic {
	t.Helper()
	in := quality.CreateTopic{Code: code, NameEn: code, NameZh: code}
	if above != nil {
		in.ParentID = &above.ID
	}
	return must(c.CreateTopic(c.as(t, "manager"), in))(t)
}

func TestTopicsFormATree(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		before := c.rows(t)["events"]
		service := c.topic(t, "service", nil)
		waiting := c.topic(t, "waiting", service)
		if service.Path != "hotel/service/" || waiting.Path != "hotel/service/waiting/" || waiting.ParentID != service.ID || !waiting.Active {
			t.Errorf("the topics are %v and %v", service, waiting)
		}
		renamed := must(c.UpdateTopic(c.as(t, "officer"), quality.UpdateTopic{ID: waiting.ID, ExpectedRevision: 1, NameEn: new("Waiting time")}))(t)
		if renamed.NameEn != "Waiting time" || renamed.NameZh != "waiting" || renamed.Revision != 2 {
			t.Errorf("renamed to %v", renamed)
		}
		_, err := c.UpdateTopic(c.as(t, "manager"), quality.UpdateTopic{ID: waiting.ID, ExpectedRevision: 1, NameEn: new("x")})
		expect(t, "a stale revision", err, "CONFLICT expectedRevision")

		// It is retired from below, and taken into use from above.
		retire := func(of *db.Topic, revision int, active bool) (*quality.Change[*db.Topic], error) {
			return c.UpdateTopic(c.as(t, "manager"), quality.UpdateTopic{ID: of.ID, ExpectedRevision: revision, Active: &active})
		}
		_, err = retire(service, 1, false)
		expect(t, "retiring what has something in use below", err, "REJECTED active")
		must(retire(waiting, 2, false))(t)
		must(retire(service, 1, false))(t)
		_, err = retire(waiting, 3, true)
		expect(t, "using what is below a retired one", err, "REJECTED active")
		_, err = c.CreateTopic(c.as(t, "manager"), quality.CreateTopic{ParentID: &service.ID, Code: "rude", NameEn: "Rude", NameZh: "态度"})
		expect(t, "adding below a retired one", err, "REJECTED parentId")
		must(retire(service, 2, true))(t)
		must(retire(waiting, 3, true))(t)

		var kinds []string
		for _, e := range c.eventsAfter(t, before) {
			kinds = append(kinds, e.Kind+" "+strings.Join(e.Changed, ","))
		}
		want := []string{"topic.created ", "topic.created ", "topic.updated revision,name", "topic.updated revision,active",
			"topic.updated revision,active", "topic.updated revision,active", "topic.updated revision,active"}
		if diff := cmp.Diff(want, kinds); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	})
}

func TestTopicsAreRefused(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		service := c.topic(t, "service", nil)
		deep := service
		for range 9 {
			deep = c.topic(t, "deeper", deep)
		}
		mall := c.sites["mall"].ID
		for name, test := range map[string]struct {
			by   string
			set  func(*quality.CreateTopic)
			want string
		}{
			"a clerk":                  {"agent", func(*quality.CreateTopic) {}, "FORBIDDEN"},
			"a team lead":              {"lead", func(*quality.CreateTopic) {}, "FORBIDDEN"},
			"another site's":           {"manager", func(in *quality.CreateTopic) { in.SiteID = &mall }, "NOT_FOUND siteId"},
			"no words":                 {"manager", func(in *quality.CreateTopic) { in.Code, in.NameEn, in.NameZh = " ", "", "\n" }, "REQUIRED code; REQUIRED nameEn; REQUIRED nameZh"},
			"a slash":                  {"manager", func(in *quality.CreateTopic) { in.Code = "a/b" }, "INVALID code"},
			"the same code":            {"manager", func(in *quality.CreateTopic) { in.Code = "service" }, "DUPLICATE code"},
			"the same code below":      {"manager", func(in *quality.CreateTopic) { in.Code, in.ParentID = "service", &service.ID }, ""},
			"too deep":                 {"manager", func(in *quality.CreateTopic) { in.ParentID = &deep.ID }, "REJECTED parentId"},
			"below an unknown one":     {"manager", func(in *quality.CreateTopic) { in.ParentID = new(typeid.New[typeid.TopicID]()) }, "NOT_FOUND parentId"},
			"below that of a site":     {"officer", func(in *quality.CreateTopic) { in.SiteID, in.ParentID = &mall, &service.ID }, "NOT_FOUND parentId"},
			"by the office, elsewhere": {"officer", func(in *quality.CreateTopic) { in.SiteID = &mall }, ""},
		} {
			in := quality.CreateTopic{Code: "new", NameEn: "New", NameZh: "新"}
			test.set(&in)
			_, err := c.CreateTopic(c.as(t, test.by), in)
			expect(t, name, err, test.want)
		}
	})
}

func TestCausesOfTheCompanyAndOfSites(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		in := quality.CreateCause{Code: "people", NameEn: "People", NameZh: "人员"}
		_, err := c.CreateCause(c.as(t, "site manager"), in)
		expect(t, "a manager adds to the company's", err, "FORBIDDEN")
		people := must(c.CreateCause(c.as(t, "officer"), in))(t)
		if people.Path != "/people/" || !people.SiteID.IsZero() {
			t.Errorf("the company's is %v", people)
		}
		_, err = c.UpdateCause(c.as(t, "site manager"), quality.UpdateCause{ID: people.ID, ExpectedRevision: 1, Active: new(false)})
		expect(t, "a manager retires the company's", err, "FORBIDDEN")
		in.SiteID = &c.sites["hotel"].ID
		lift := must(c.CreateCause(c.as(t, "manager"), in))(t)
		if lift.Path != "hotel/people/" {
			t.Errorf("the hotel's is %v", lift)
		}
		in.ParentID = &people.ID
		_, err = c.CreateCause(c.as(t, "manager"), in)
		expect(t, "growing the hotel's out of the company's", err, "NOT_FOUND parentId")
		in.SiteID, in.Code = nil, "training"
		training := must(c.CreateCause(c.as(t, "officer"), in))(t)
		_, err = c.UpdateCause(c.as(t, "officer"), quality.UpdateCause{ID: people.ID, ExpectedRevision: 1, Active: new(false)})
		expect(t, "retiring what has something in use below", err, "REJECTED active")
		retired := must(c.UpdateCause(c.as(t, "officer"), quality.UpdateCause{ID: training.ID, ExpectedRevision: 1, Active: new(false), NameZh: new("培训")}))(t)
		if retired.Active || retired.NameZh != "培训" {
			t.Errorf("retired %v", retired)
		}
		in.ParentID, in.Code = &training.ID, "late"
		_, err = c.CreateCause(c.as(t, "officer"), in)
		expect(t, "adding below a retired one", err, "REJECTED parentId")
		_, err = c.UpdateCause(c.as(t, "floor manager"), quality.UpdateCause{ID: lift.ID, ExpectedRevision: 1})
		expect(t, "another site's", err, "NOT_FOUND id")
	})
}

func TestClassifyingACase(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		service := c.topic(t, "service", nil)
		retired := c.topic(t, "noise", nil)
		must(c.UpdateTopic(c.as(t, "manager"), quality.UpdateTopic{ID: retired.ID, ExpectedRevision: 1, Active: new(false)}))(t)
		elsewhere := must(c.CreateTopic(c.as(t, "floor manager"), quality.CreateTopic{Code: "stock", NameEn: "Stock", NameZh: "缺货"}))(t)

		in := complaint()
		in.TopicID = &retired.ID
		_, err := c.OpenCase(c.as(t, "agent"), in)
		expect(t, "opened under a retired topic", err, "INVALID topicId")
		in.TopicID = &service.ID
		of := must(c.OpenCase(c.as(t, "agent"), in))(t)
		if of.TopicID != service.ID {
			t.Errorf("opened under %v", of.TopicID)
		}

		done := c.closed(t)
		classify := func(by string, id typeid.TopicID, revision int) (*quality.Change[*db.ServiceCase], error) {
			return c.ClassifyCase(c.as(t, by), quality.ClassifyCase{ID: done.ID, ExpectedRevision: revision, TopicID: id})
		}
		_, err = classify("colleague", service.ID, done.Revision-1)
		expect(t, "a stale revision", err, "CONFLICT expectedRevision")
		_, err = classify("colleague", elsewhere.ID, done.Revision)
		expect(t, "the topic of another site", err, "NOT_FOUND topicId")
		_, err = classify("officer", elsewhere.ID, done.Revision)
		expect(t, "the topic of another site, for who sees it", err, "INVALID topicId")
		_, err = classify("colleague", retired.ID, done.Revision)
		expect(t, "a retired topic", err, "INVALID topicId")
		_, err = classify("booker", service.ID, done.Revision)
		expect(t, "who has nothing to do with it", err, "NOT_FOUND id")
		before := c.rows(t)["events"]
		classified := must(classify("colleague", service.ID, done.Revision))(t)
		if classified.TopicID != service.ID || classified.Revision != done.Revision+1 || classified.Status != done.Status {
			t.Errorf("classified: %v", classified)
		}
		desk, agent, colleague := c.departments["desk"].ID, *c.staff("agent"), *c.staff("colleague")
		want := []said{{quality.EventCaseClassified, colleague.String(), desk, colleague, agent, "revision topic"}}
		if diff := cmp.Diff(want, c.said(t, before)); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	})
}
