package quality

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/checklistversion"
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/quality/rules/spc"
	"github.com/seed-34fcb60d/rounds/quality/rules/spc/svg"
)

// DrawControlChart draws a chart as SVG. Its labels are in one language; what is read
// out is in both.
func (s *Service) DrawControlChart(ctx context.Context, in ControlChartOf, chinese bool) ([]byte, error) {
	c, err := s.ControlChart(ctx, in)
	if err != nil {
		return nil, err
	}
	name, err := s.nameOf(ctx, in.Characteristic)
	if err != nil {
		return nil, err
	}
	zone, err := s.zoneOf(ctx, in.DepartmentID)
	if err != nil {
		return nil, err
	}
	say := func(t checklist.Text) string {
		if chinese {
			return t.ZH
		}
		return t.EN
	}
	title, about := c.titled(name), c.described()
	labels := svg.Labels{Title: both(title, chinese), Description: both(about, chinese), Main: say(statisticTexts[c.Main.Statistic]),
		Rules: map[spc.Rule]string{}}
	if c.Spread != nil {
		labels.Spread = say(statisticTexts[c.Spread.Statistic])
	}
	if chinese {
		labels.Upper, labels.Centre, labels.Lower = "上限", "中心线", "下限"
	}
	for rule, t := range ruleTexts {
		labels.Rules[rule] = say(t)
	}
	layout := time.DateOnly
	if c.Interval == "NONE" {
		layout = "01-02 15:04"
	}
	for _, p := range c.Main.Points {
		labels.Points = append(labels.Points, p.At.In(zone).Format(layout))
	}
	for _, b := range c.Baselines {
		labels.Baselines = append(labels.Baselines, c.Main.Points[b.From].At.In(zone).Format(time.DateOnly))
	}
	return svg.Render(c.evaluated, labels), nil
}

// both is a text in the language of the reader, and then in the other one.
func both(t checklist.Text, chinese bool) []svg.Text {
	en, zh := svg.Text{Language: "en", Text: t.EN}, svg.Text{Language: "zh-CN", Text: t.ZH}
	if chinese {
		return []svg.Text{zh, en}
	}
	return []svg.Text{en, zh}
}

func (c *ControlChart) titled(name checklist.Text) checklist.Text {
	if c.Unit == nil {
		return name
	}
	return text(name.EN+" ("+*c.Unit+")", name.ZH+"（"+*c.Unit+"）")
}

// described says what is on a chart, for those who hear it read out.
func (c *ControlChart) described() checklist.Text {
	violations := len(c.Main.Violations)
	if c.Spread != nil {
		violations += len(c.Spread.Violations)
	}
	t := text(fmt.Sprintf("%d points, rules broken: %d.", len(c.Main.Points), violations), fmt.Sprintf("%d 个数据点，违反规则 %d 次。", len(c.Main.Points), violations))
	if c.Problem != nil {
		p := problemTexts[*c.Problem]
		t = text(t.EN+" "+p.EN, t.ZH+p.ZH)
	}
	return t
}

// nameOf is what people call a characteristic: the text of its item, or the title of its
// checklist, as it was published last.
func (s *Service) nameOf(ctx context.Context, of string) (checklist.Text, error) {
	code, item, _ := strings.Cut(of, "/")
	v, err := s.db.ChecklistVersion.Query().Where(checklistversion.Code(code)).Order(db.Desc(checklistversion.FieldID)).First(ent.AsSystem(ctx))
	if db.IsNotFound(err) {
		return text(of, of), nil
	}
	if err != nil {
		return checklist.Text{}, fmt.Errorf("looking up the checklist of a chart: %w", err)
	}
	var d checklist.Definition
	if err := json.Unmarshal(v.Definition, &d); err != nil {
		return checklist.Text{}, fmt.Errorf("reading the checklist of a chart: %w", err)
	}
	for _, section := range d.Sections {
		for _, i := range section.Items {
			if i.ID == item {
				return i.Text, nil
			}
		}
	}
	return text(v.TitleEn, v.TitleZh), nil
}
