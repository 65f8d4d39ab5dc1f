package quality

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db/staff"
)

// maxLevels bounds how deep a tree of topics or causes goes.
const maxLevels = 10

// branch is where a new topic or cause is to grow: below the site, or the company,
// and below another of its kind.
type branch struct {
	path   string // of what is above, such as "hotel/" or "hotel/service/"
	active bool   // what is above is in use
}

// checkBranch checks what a new topic or cause is called, and returns its path.
func checkBranch(above branch, code, nameEn, nameZh *string) (path string, err error) {
	var bad check
	bad.code(code, "code")
	bad.line(nameEn, maxName, "nameEn")
	bad.line(nameZh, maxName, "nameZh")
	if !above.active {
		bad.add(Rejected, "What is above it is retired.", "上级已停用。", "parentId")
	}
	if strings.Count(above.path, "/") > maxLevels {
		bad.add(Rejected, fmt.Sprintf("A tree has at most %d levels.", maxLevels), fmt.Sprintf("最多 %d 级。", maxLevels), "parentId")
	}
	return above.path + *code + "/", bad.err()
}

// renaming is what may change of a topic or cause. Its code and place stay: figures
// of the past are told by them.
type renaming struct {
	nameEn, nameZh *string
	active         *bool
}

// checkRenaming checks a change. aboveActive tells whether what is above is in use.
func checkRenaming(in renaming, aboveActive bool) error {
	var bad check
	if in.nameEn != nil {
		bad.line(in.nameEn, maxName, "nameEn")
	}
	if in.nameZh != nil {
		bad.line(in.nameZh, maxName, "nameZh")
	}
	if !aboveActive {
		bad.add(Rejected, "What is above it is retired.", "上级已停用。", "active")
	}
	return bad.err()
}

// stillInUse refuses to retire what is in use below: what is in use has nothing
// retired above it.
func stillInUse() error {
	return reject(Rejected, text("Something below it is in use: retire that first.", "下级仍在使用，请先停用下级。"), "active")
}

// changed are the names of the API fields that a renaming changes.
func (in renaming) changed() []string {
	changed := []string{"revision"}
	if in.nameEn != nil || in.nameZh != nil {
		changed = append(changed, "name")
	}
	if in.active != nil {
		changed = append(changed, "active")
	}
	return changed
}

// mayKeepWords allows managers, the quality office and programs to keep the words by
// which cases are classified; those of the whole company only who sees all of it.
func mayKeepWords(v ent.Viewer, ofCompany bool) error {
	officers := []staff.Role{staff.RoleQUALITY_OFFICER, staff.RoleEXECUTIVE, staff.RoleADMINISTRATOR}
	switch {
	case slices.Contains(officers, v.Role), v.Role == ent.Integrator && (v.Site.IsZero() || !ofCompany):
		return nil
	case ofCompany:
		return forbidden(text("Only the quality office may keep what the whole company uses.", "只有质量管理部门可以维护全公司共用的分类。"))
	case slices.Contains(deciding, v.Role):
		return nil
	default:
		return forbidden(text("Only a manager or the quality office may do this.", "只有管理人员或质量管理部门可以执行此操作。"))
	}
}

func duplicateCode() error {
	return reject(Duplicate, text("There is one with this code already, at the same place.", "同级已存在相同代码。"), "code")
}
