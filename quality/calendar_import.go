package quality

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/quality/holiday"
	"github.com/seed-34fcb60d/rounds/quality/rules/calendar"
)

// maxImported bounds the days between which holidays are imported.
const maxImported = 10 * 366

// ImportCalendarDays takes holidays and days that are worked from an iCalendar file.
type ImportCalendarDays struct {
	IdempotencyKey   *string
	ID               typeid.CalendarID
	ExpectedRevision int
	Text             string // of the file
	From, To         string // the first day that is taken, and the last
	Replace          bool   // days of the calendar between them go
}

// ImportCalendarDays takes holidays and days that are worked from an iCalendar file: all
// of those between two days, or nothing.
func (s *Service) ImportCalendarDays(ctx context.Context, in ImportCalendarDays) (*Change[*db.Calendar], error) {
	var first, last calendar.Date
	var found map[calendar.Date]calendar.Day
	return run(ctx, s, useCase[*db.Calendar]{
		area: ent.Organisation, name: "calendarImportDays", key: in.IdempotencyKey, in: in, read: s.readCalendar,
		prepare: func(ctx context.Context) (err error) { // a large file takes its time: nobody else shall wait for it
			if err = mayKeepCalendars(ent.ViewerFrom(ctx)); err != nil {
				return err
			}
			if first, last, err = in.period(); err != nil {
				return err
			}
			if found, err = holiday.Read(in.Text, first, last); err != nil {
				return unreadable(err)
			}
			if len(found) == 0 {
				return reject(Invalid, text("The file has no holiday between these days.", "文件在此期间没有节假日。"), "text")
			}
			return nil
		},
		apply: func(ctx context.Context, tx *db.Tx) (effect[*db.Calendar], error) {
			return s.redefine(ctx, tx, in.ID, in.ExpectedRevision, func(c *db.Calendar) (string, json.RawMessage, error) {
				d, err := DefinitionOf(c)
				if err != nil {
					return "", nil, err
				}
				d = withDays(d, found, first, last, in.Replace)
				var bad check
				if bad.definition(d, func(calendar.Problem, ...string) []string { return []string{"text"} }); bad.err() != nil {
					return "", nil, bad.err()
				}
				definition, err := encoded(d)
				return c.Name, definition, err
			})
		},
	})
}

func (in ImportCalendarDays) period() (first, last calendar.Date, err error) {
	var bad check
	if first, err = calendar.ParseDate(in.From); err != nil {
		bad.add(Invalid, "This is not a day of the calendar.", "日期无效。", "from")
	}
	if last, err = calendar.ParseDate(in.To); err != nil || last < first || last-first >= maxImported {
		bad.add(Invalid, "This must be a day from the first day on, within ten years.", "须不早于起始日，且在十年之内。", "to")
	}
	return first, last, bad.err()
}

// withDays is a definition with what was found in a file. A day that is worked keeps the
// windows that it has there.
func withDays(d calendar.Definition, found map[calendar.Date]calendar.Day, first, last calendar.Date, replace bool) calendar.Definition {
	days := map[calendar.Date]calendar.Day{}
	for date, day := range d.Days {
		if !replace || date < first || last < date {
			days[date] = day
		}
	}
	for date, day := range found {
		if day.Working {
			day.Windows = d.Days[date].Windows
		}
		days[date] = day
	}
	d.Days = days
	return d
}

// unreadable says what is wrong with a file, and where.
func unreadable(err error) error {
	var wrong *holiday.Error
	if !errors.As(err, &wrong) {
		return err
	}
	en, zh := "", ""
	if wrong.Line > 0 {
		en, zh = fmt.Sprintf("Line %d: ", wrong.Line), fmt.Sprintf("第 %d 行：", wrong.Line)
	}
	if wrong.Event > 0 {
		en, zh = fmt.Sprintf("Line %d, event %d: ", wrong.Line, wrong.Event), fmt.Sprintf("第 %d 行，第 %d 个事件：", wrong.Line, wrong.Event)
	}
	kind, what := Invalid, map[holiday.Rule][2]string{
		holiday.Small:      {"there is more than can be imported at once.", "超出一次导入的上限。"},
		holiday.Calendar:   {"this is not a complete iCalendar file.", "不是完整的 iCalendar 文件。"},
		holiday.Line:       {"this is not a line of an iCalendar file.", "不符合 iCalendar 格式。"},
		holiday.WholeDays:  {"an event must be of whole days, and end after it begins, within a year.", "事件须为整日，结束晚于开始，且不超过一年。"},
		holiday.Yearly:     {"an event can recur only yearly, by a rule.", "事件只能按规则每年重复。"},
		holiday.NameShort:  {"the name of the day is too long.", "名称过长。"},
		holiday.Consistent: {"this day is both a holiday and worked.", "同一天既为休息日又为工作日。"},
	}[wrong.Rule]
	if wrong.Rule == holiday.Small {
		kind = TooLong
	}
	return reject(kind, text(en+what[0], zh+what[1]), "text")
}
