package graph

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/seed-34fcb60d/rounds/graph/wire"
)

// inChinese says in Chinese what the transports say in English, by the code of
// their errors. The English text may name a figure more.
var inChinese = map[string]string{
	wire.CodeBadRequest:           "请求参数不符合协议要求。",
	wire.CodeBatchingNotSupported: "不支持批量请求，请逐个发送操作。",
	wire.CodeUnsupportedMediaType: "请以 UTF-8 编码的 application/json 发送请求。",
	wire.CodeNotAcceptable:        "无法以所要求的媒体类型应答。",
	wire.CodeMethodNotAllowed:     "不允许使用该 HTTP 方法；变更操作须使用 POST。",
	wire.CodeStreamNeeded:         "订阅须通过 WebSocket 或事件流（text/event-stream）进行。",
	wire.CodeUnauthenticated:      "凭证缺失、未知或已过期。",
	wire.CodeShuttingDown:         "服务器正在停止，请重新连接。",
	wire.CodeParseFailed:          "文档不是有效的 GraphQL。",
	wire.CodeValidationFailed:     "文档与架构不符。",
	wire.CodeNoSuchOperation:      "找不到要执行的操作，请检查 operationName。",
	wire.CodeBadVariables:         "变量的值不符合其类型。",
	wire.CodeBodyTooLarge:         "请求体过大。",
	wire.CodeTooManyTokens:        "文档过长。",
	wire.CodeTooDeep:              "字段嵌套过深。",
	wire.CodeTooManyAliases:       "别名过多。",
	wire.CodeAliasTooLong:         "别名过长。",
	wire.CodeTooManyDirectives:    "指令过多。",
	wire.CodeTooManyFields:        "字段过多。",
	wire.CodeTooManyFragments:     "片段展开过多。",
	wire.CodeTooManyRootFields:    "根字段过多。",
	wire.CodeTooCostly:            "该操作的开销超出限额，请减少一次请求的数据量。",
	wire.CodeAnswerTooLarge:       "应答内容过大，请减少一次请求的数据量。",
	wire.CodePreflightNeeded:      "以表单上传文件时须带请求头 GraphQL-Require-Preflight: 1。",
	wire.CodeTooManyFiles:         "一次上传的文件过多。",
	wire.CodeFileTooLarge:         "文件过大。",
	wire.CodeUploadTooLarge:       "一次上传的文件总量过大。",
	wire.CodeTooManyUploads:       "当前上传过多，请稍后重试。",
	wire.CodeTooSlow:              "上传过慢，已中断。",
	wire.CodeTooManySubscriptions: "该连接上的操作过多。",
}

// inDetail are the codes of errors in the caller's own program. Their English text
// names the field, the argument or the place, without which nobody finds them, and
// follows the Chinese one.
var inDetail = []string{wire.CodeBadRequest, wire.CodeParseFailed, wire.CodeValidationFailed, wire.CodeBadVariables}

// translated returns an error of the transports in Chinese; any other as it is.
func translated(told *gqlerror.Error) *gqlerror.Error {
	code, _ := told.Extensions["code"].(string)
	text, known := inChinese[code]
	if !known {
		return told
	}
	if slices.Contains(inDetail, code) {
		text = strings.TrimSuffix(text, "。") + "：" + told.Message
	}
	out := *told
	out.Message = text
	return &out
}
