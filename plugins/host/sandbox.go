package host

import "github.com/seed-34fcb60d/rounds/plugins/checklist"

// Unenforced is a protection against plugins that the running kernel, or the
// account that the server runs under, does not allow.
type Unenforced struct {
	Code string         // such as "NETWORK"
	Text checklist.Text // what a plugin could do for the lack of it
}

// room is what a process is started in and may use.
type room struct {
	program  program
	dir      string   // its working directory, the only one that it may write to
	readOnly []string // files and directories that it may read and run programs from
	memory   int64    // that it may hold, in bytes
	account  uint32   // that it runs under, and its group; 0: the server's own
	half     int      // of the processors that it may use: even or odd
}

// The protections on Linux, each with what its lack means.
var (
	noFiles = Unenforced{"FILES", checklist.Text{
		EN: "A plugin can read and change files that the server's account can: Landlock (Linux 6.2 or later) is missing.",
		ZH: "插件可以读取和更改服务器账户有权访问的文件：缺少 Landlock（需 Linux 6.2 或更高版本）。"}}
	noNetwork = Unenforced{"NETWORK", checklist.Text{
		EN: "A plugin can open network connections: neither a network namespace nor a filter of system calls is allowed.",
		ZH: "插件可以建立网络连接：网络命名空间和系统调用过滤均不可用。"}}
	noProcesses = Unenforced{"PROCESSES", checklist.Text{
		EN: "A plugin can signal processes of its account, and leave processes behind: a namespace of processes is not allowed.",
		ZH: "插件可以向同一账户的进程发送信号，也可能遗留进程：进程命名空间不可用。"}}
	noMemorySharing = Unenforced{"IPC", checklist.Text{
		EN: "A plugin can reach shared memory of its account: a namespace of shared memory is not allowed.",
		ZH: "插件可以访问同一账户的共享内存：IPC 命名空间不可用。"}}
	noAccount = Unenforced{"ACCOUNT", checklist.Text{
		EN: "Plugins run as root, like the server: the server may not change the account of what it starts, or its temporary directory cannot be entered by others.",
		ZH: "插件与服务器一样以 root 身份运行：服务器无法更改所启动进程的账户，或其临时目录不允许其他账户进入。"}}
	noProcessCount = Unenforced{"PROCESS_COUNT", checklist.Text{
		EN: "A plugin can start as many processes as the server's account may.",
		ZH: "插件启动的进程数仅受服务器账户的限制。"}}
	noLimits = Unenforced{"LIMITS", checklist.Text{
		EN: "The limits of memory, files and file sizes cannot be set before a plugin runs.",
		ZH: "无法在插件运行之前设置内存、打开文件数和文件大小的限制。"}}
	noFilter = Unenforced{"SYSTEM_CALLS", checklist.Text{
		EN: "A plugin can try any system call: the filter of system calls is not allowed, or not known for this processor.",
		ZH: "插件可以尝试任何系统调用：系统调用过滤不可用，或不支持此处理器。"}}
)
