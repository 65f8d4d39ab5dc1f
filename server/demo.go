package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/quality"
)

// demoCommand shows what Rounds does: a company that has worked with it for some
// weeks, and one inspection carried through to its case over the public API.
type demoCommand struct {
	Exit     bool   `help:"Stop after the story instead of serving."`
	Out      string `type:"path" placeholder:"FILE" help:"Write the address, the tokens by role and the story's ids to this file, as JSON."`
	Keep     bool   `help:"Keep the temporary data folder; one that --data-dir names is always kept."`
	Language string `default:"en" enum:"en,zh" help:"Tell the story in English (en) or Chinese (zh)."`
	Seed     uint64 `default:"1" help:"Another number makes another company."`
}

// Run loads the company, tells the story and serves until the process is told to
// stop.
func (d *demoCommand) Run(s *session) (err error) {
	keep, err := d.chooseFolder(s)
	if err != nil {
		return err
	}
	if !keep {
		defer func() { err = errors.Join(err, os.RemoveAll(s.settings.DataDir)) }()
	}
	present, err := newClock(s.settings.TestClock)
	if err != nil {
		return err
	}
	if err := refuseUsed(s); err != nil {
		return err
	}
	clock := &pastClock{present: present}
	past, err := newHistory(present(), d.Seed, clock)
	if err != nil {
		return err
	}
	s.now = clock.now
	s.settings.LogLevel = cmp.Or(s.settings.LogLevel, "warn") // what there is to know is told
	c, err := s.openCore(true)
	if err != nil {
		return err
	}
	srv, err := c.listen()
	if err != nil {
		return errors.Join(err, c.db.Close())
	}
	past.core, srv.lived = c, make(chan struct{})

	ctx, stop := context.WithCancelCause(s.ctx)
	served := make(chan error, 1)
	go func() {
		err := srv.run(ctx)
		stop(err) // what is under way need not go on
		served <- err
	}()
	t := &telling{demoCommand: d, session: s, server: srv, present: present, keep: keep}
	err = t.tell(ctx, past)
	if err == nil && !d.Exit {
		<-ctx.Done()
	}
	if ctx.Err() != nil && !d.Exit {
		err = nil // what was cut short because the server stops is no failure of its own
	}
	stop(nil)
	return errors.Join(err, <-served)
}

// chooseFolder makes a temporary data folder unless one is named, and reports
// whether the folder is kept.
func (d *demoCommand) chooseFolder(s *session) (keep bool, err error) {
	if s.settings.DataDir != "" {
		return true, nil
	}
	if s.settings.DatabaseURL != "" && s.settings.KeyFile == "" {
		return false, errors.New("a database of your own also needs --data-dir or --key-file, for the keys without which its contact data cannot be read")
	}
	if s.settings.DataDir, err = os.MkdirTemp("", "rounds-demo-*"); err != nil {
		return false, fmt.Errorf("making a temporary data folder: %w", err)
	}
	return d.Keep, nil
}

// refuseUsed refuses a database in which there is something, before anything of it
// is touched.
func refuseUsed(s *session) (err error) {
	where := s.settings.databaseURL()
	if s.settings.DatabaseURL == "" {
		if _, err := os.Stat(where); errors.Is(err, os.ErrNotExist) {
			return nil
		}
	}
	d, err := ent.Open(s.ctx, ent.Config{URL: where})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	rows, err := d.SQL().QueryContext(s.ctx, "SELECT 1 FROM sites LIMIT 1")
	if err != nil {
		return nil // there is no such table yet: what else is wrong shows when it is opened
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	if rows.Next() {
		return errors.New("the database is not empty, and the demonstration company needs one of its own: name another --data-dir, or none for a temporary one")
	}
	return rows.Err()
}

// telling is one run of the demonstration, in front of somebody.
type telling struct {
	*demoCommand
	*session
	*server
	present func() time.Time
	keep    bool // the data folder, at the end
	report  report
}

// report is what --out writes.
type report struct {
	Address   string            `json:"address"` // host and port
	GraphQL   string            `json:"graphql"` // URL
	Explore   string            `json:"explore"` // URL
	DataDir   string            `json:"dataDir"`
	Tokens    map[string]string `json:"tokens"` // by the API's roles
	Loaded    loaded            `json:"loaded"`
	Story     storyReport       `json:"story"`
	Complaint complaintReport   `json:"complaint"`
	Chart     chartReport       `json:"chart"`
}

// loaded is how much the company has.
type loaded struct {
	Seconds     float64 `json:"seconds"`
	Sites       int     `json:"sites"`
	Departments int     `json:"departments"`
	Staff       int     `json:"staff"`
	Customers   int     `json:"customers"`
	Cases       int     `json:"cases"`
	Inspections int     `json:"inspections"`
	Appraisals  int     `json:"appraisals"`
	Events      int     `json:"events"`
}

// say prints in the language of the telling.
func (t *telling) say(en, zh string, args ...any) {
	if t.Language == "zh" {
		en = zh
	}
	fmt.Fprintf(t.stdout, en+"\n", args...)
}

// in is a text in the language of the telling.
func (t *telling) in(text checklist.Text) string {
	if t.Language == "zh" {
		return text.ZH
	}
	return text.EN
}

// tell loads the company, tells the story and says how to go on.
func (t *telling) tell(ctx context.Context, past *history) error {
	base := "http://" + t.addr
	t.report = report{Address: t.addr, GraphQL: base + "/graphql", Explore: base + "/explore/", DataDir: t.session.settings.DataDir, Tokens: map[string]string{}}
	if err := t.load(ctx, past); err != nil {
		return fmt.Errorf("loading the demonstration company: %w", err)
	}
	if err := t.issueTokens(ctx, &past.company); err != nil {
		return fmt.Errorf("issuing the tokens: %w", err)
	}
	if err := t.story(ctx); err != nil {
		return err
	}
	if t.Out != "" {
		if err := writeReport(t.Out, t.report); err != nil {
			return fmt.Errorf("writing --out: %w", err)
		}
	}
	t.goOn()
	return nil
}

// startTime bounds the wait for the plugins' processes.
const startTime = time.Minute

// load makes the company and its history, and says how long it took.
func (t *telling) load(ctx context.Context, past *history) error {
	began := t.present()
	t.say("Making the demonstration company …", "正在生成演示企业……")
	waiting, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	if err := t.host.WaitReady(waiting); err != nil {
		return err
	}
	bar := newProgress(t.stderr, "living through the hours of its history")
	err := past.live(ctx, bar.set)
	bar.finish()
	if err != nil {
		return err
	}
	close(t.lived)
	l := &t.report.Loaded
	ctx = ent.AsSystem(ctx)
	for _, count := range []struct {
		into *int
		of   func(context.Context) (int, error)
	}{
		{&l.Sites, t.db.Site.Query().Count}, {&l.Departments, t.db.Department.Query().Count}, {&l.Staff, t.db.Staff.Query().Count},
		{&l.Customers, t.db.Customer.Query().Count}, {&l.Cases, t.db.ServiceCase.Query().Count},
		{&l.Inspections, t.db.Inspection.Query().Count}, {&l.Appraisals, t.db.Appraisal.Query().Count}, {&l.Events, t.db.Event.Query().Count},
	} {
		if *count.into, err = count.of(ctx); err != nil {
			return err
		}
	}
	l.Seconds = t.present().Sub(began).Round(time.Millisecond).Seconds()
	t.say("Loaded in %.1f s: %d sites, %d departments, %d staff, %d customers, %d cases, %d inspections, %d appraisals; %d events.",
		"用时 %.1f 秒：%d 个营业点、%d 个部门、%d 名员工、%d 位客户、%d 件个案、%d 次检查、%d 份考核，共 %d 个事件。",
		l.Seconds, l.Sites, l.Departments, l.Staff, l.Customers, l.Cases, l.Inspections, l.Appraisals, l.Events)
	if err := t.sayChart(ctx); err != nil {
		return err
	}
	return t.sayComplaint(ctx, past.complaint)
}

// shownRoles is whose tokens are shown: of each role somebody in the story's
// neighbourhood.
var shownRoles = []struct {
	role       staff.Role
	department string // "" for wherever the role is
}{
	{staff.RoleSTAFF, hotel + "/reception"},
	{staff.RoleTEAM_LEAD, hotel + "/reception"},
	{staff.RoleDEPARTMENT_MANAGER, hotel + "/front-office"},
	{staff.RoleSITE_MANAGER, hotel + "/management"},
	{staff.RoleQUALITY_OFFICER, ""},
	{staff.RoleHUMAN_RESOURCES, ""},
	{staff.RoleEXECUTIVE, ""},
	{staff.RoleADMINISTRATOR, ""},
}

// integratorScopes is what the demonstration's integrator may do.
var integratorScopes = []string{"organisation:read", "customers:write", "cases:write", "inspections:read", "checklists:read"}

// issueTokens makes a token of each role and prints them.
func (t *telling) issueTokens(ctx context.Context, c *company) error {
	w := tabwriter.NewWriter(t.stdout, 0, 0, 2, ' ', 0)
	t.say("\nTokens by role", "\n各角色的访问令牌")
	line := func(role staff.Role, who, where string, in quality.IssueToken) error {
		secret, _, err := t.quality.IssueToken(ctx, in)
		t.report.Tokens[string(role)] = secret
		fmt.Fprintf(w, "  %s\t%s\t%s, %s\n", role, secret, who, where)
		return err
	}
	for _, r := range shownRoles {
		p := c.with(r.role, r.department)
		if err := line(r.role, p.Name, p.department.Name, quality.IssueToken{Name: "demo", Staff: &p.ID}); err != nil {
			return err
		}
	}
	err := line(ent.Integrator, t.in(checklist.Text{EN: "a program", ZH: "外部程序"}), strings.Join(integratorScopes, " "), quality.IssueToken{Name: "demo", Scopes: integratorScopes})
	return errors.Join(err, w.Flush())
}

// writeReport writes a file that is there completely or not at all.
func writeReport(path string, r report) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*") // for this account's eyes only: it holds tokens
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	encoder := json.NewEncoder(f)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	if err := errors.Join(encoder.Encode(r), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// goOn says what can be done next.
func (t *telling) goOn() {
	if t.Exit {
		t.sayKept()
		return
	}
	t.say("\nNow it is yours (stop with Ctrl-C)", "\n请自行体验（按 Ctrl-C 结束）")
	t.say("  Explore  %s", "  浏览     %s", t.report.Explore)
	t.say("  GraphQL  %s", "  接口     %s", t.report.GraphQL)
	manager := t.report.Tokens[string(staff.RoleDEPARTMENT_MANAGER)]
	t.say("\nThe front office manager's open cases:", "\n前厅部经理名下的未结个案：")
	t.curl("curl", manager, `{cases(first:5,filter:{open:true}){nodes{number status subject dueAt}}}`)
	t.say("\nWhat happens, live, from the story's case on:", "\n从上述个案开始的实时事件：")
	t.curl("curl -N -H 'Accept: text/event-stream'", t.report.Tokens[string(ent.Integrator)],
		fmt.Sprintf(`subscription{events(after:%q){cursor kind subjectId changed}}`, t.report.Story.After))
	fmt.Fprintln(t.stdout)
	t.sayKept()
}

func (t *telling) sayKept() {
	if t.keep {
		t.say("The data stay in %s.", "数据保留在 %s。", t.report.DataDir)
	}
}

// curl prints a command that sends a query.
func (t *telling) curl(command, token, query string) {
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		return // a string can be encoded
	}
	fmt.Fprintf(t.stdout, "  %s -H 'Authorization: Bearer %s' -H 'Content-Type: application/json' -d '%s' %s\n", command, token, body, t.report.GraphQL)
}
