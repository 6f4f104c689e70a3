using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Swan.Cli.Tests.Slurm;

/// <summary>A Slurm of a test's own: a controller and two nodes of one processor, all on this machine.</summary>
/// <remarks>
/// Everything lies in one folder, and ports are its own, so that several can run at a time. No accounting, no control groups: Debian's
/// package has neither without a database and systemd. So there is no sacct, tasks are followed by their parents, and memory isn't limited.
/// </remarks>
internal sealed class SlurmCluster : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<Process> _daemons = [];
    private readonly Process?[] _nodes = new Process?[2];
    private readonly string _configuration;

    private SlurmCluster()
    {
        // Whoever speaks to munge must get to its socket, whatever the user.
        SetMode(_folder.FullName, 0b111_001_001);
        foreach (string name in (string[])["munge", "state", "log", "spool", "bin", "work"]) Directory.CreateDirectory(_folder.File(name));
        _configuration = _folder.File("slurm.conf");
    }

    /// <summary>Where tasks run, and their output is.</summary>
    public string Work => _folder.File("work");

    /// <summary>The folder of programs that tasks find first.</summary>
    public string Programs => _folder.File("bin");

    /// <summary>Starts one; skips the test where that can't be.</summary>
    public static async Task<SlurmCluster> StartAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "only root can start Slurm's daemons");
        foreach (string program in (string[])["munged", "slurmctld", "slurmd", "sbatch"])
            Assert.SkipWhen(Find(program) is null, $"{program} isn't installed: Debian's packages slurm-wlm and munge have it.");
        var cluster = new SlurmCluster();
        try
        {
            await cluster.BeginAsync();
            return cluster;
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }

    /// <summary>Runs one of Slurm's programs, or another one, as a user does.</summary>
    /// <returns>What it printed.</returns>
    public string Run(string program, params string[] arguments)
    {
        (int code, string output, string errors) = Finish(program, arguments);
        Assert.True(code == 0, $"{program} {string.Join(' ', arguments)}: {code}\n{output}\n{errors}\n{Logs()}");
        return output.TrimEnd('\n');
    }

    /// <summary>The same where it may fail.</summary>
    public (int Code, string Output, string Errors) Finish(string program, params string[] arguments) =>
        ChildProcess.Finish(With(new ProcessStartInfo(Find(program) ?? program, arguments) { WorkingDirectory = Work }),
            TestContext.Current.CancellationToken);

    /// <summary>Submits a script.</summary>
    /// <returns>The array's number.</returns>
    public string Submit(string script, params string[] options) => Run("sbatch", ["--parsable", .. options, script]);

    /// <summary>The tasks that wait or run, such as <c>7_3 RUNNING</c>.</summary>
    public string[] Tasks() => Run("squeue", "-h", "-r", "-o", "%i %T").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Waits until no task waits or runs.</summary>
    public Task Ended() => Until(() => Tasks().Length == 0, "the end of all tasks");

    /// <summary>Waits for what Slurm does. Looking starts a process: not as often as can be.</summary>
    public async Task Until(Func<bool> done, string what)
    {
        long start = Stopwatch.GetTimestamp();
        while (!done())
        {
            // The limit only ends a test that would never end.
            if (Stopwatch.GetElapsedTime(start) > TimeSpan.FromMinutes(4))
                Assert.Fail($"{what}: not within 4 min\n{Run("squeue", "-r", "-o", "%i %T %r %S")}\n{Run("sinfo", "-N", "-l")}\n{Logs()}");
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>How a task ended, such as <c>COMPLETED 0:0</c>.</summary>
    public string Outcome(string task)
    {
        string[] shown = Run("scontrol", "show", "job", "-o", task).Split(' ');
        string Value(string name) => shown.First(part => part.StartsWith($"{name}=", StringComparison.Ordinal))[(name.Length + 1)..];
        return $"{Value("JobState")} {Value("ExitCode")}";
    }

    /// <summary>Makes a program that tasks find first.</summary>
    public void Program(string name, string script)
    {
        string path = Path.Combine(Programs, name);
        File.WriteAllText(path, script);
        SetMode(path, 0b111_101_101);
    }

    /// <summary>Starts a node's daemon.</summary>
    public void StartNode(int node) => _nodes[node] = Daemon("slurmd", "-D", "-N", $"node{node}");

    /// <summary>Kills a node's daemon; its tasks live on.</summary>
    public void KillNode(int node)
    {
        _nodes[node]!.Kill();
        _nodes[node]!.WaitForExit();
    }

    /// <summary>Waits until both nodes take tasks.</summary>
    public Task Ready() => Until(
        () => Finish("sinfo", "-h", "-N", "-o", "%T") is (0, var states, _) && states.Split('\n', StringSplitOptions.RemoveEmptyEntries) is
            [var one, var other] && IsUp(one) && IsUp(other), "two nodes");

    /// <summary>What the daemons and the tasks said last, for a test that failed.</summary>
    public string Logs() => string.Join('\n', Directory.GetFiles(_folder.File("log")).Concat(Directory.GetFiles(Work))
        .Select(file => $"{file}:\n{string.Join('\n', File.ReadLines(file).TakeLast(8))}"));

    public void Dispose()
    {
        // Tasks have other parents than the daemons, and all have the configuration's name in their environment.
        while (Mine() is { Count: > 0 } mine)
        {
            foreach (Process process in mine)
            {
                using (process) process.Kill();
            }
        }
        foreach (Process daemon in _daemons) daemon.Dispose();
        _folder.Dispose();
    }

    private static void SetMode(string path, int mode)
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, (UnixFileMode)mode);
    }

    private static bool IsUp(string state) => state is "idle" or "mixed" or "allocated" or "completing";

    private async Task BeginAsync()
    {
        File.WriteAllBytes(_folder.File("munge/key"), RandomNumberGenerator.GetBytes(128));
        SetMode(_folder.File("munge/key"), 0b100_000_000);
        File.WriteAllText(_configuration, Configuration(FreePorts(3)));
        string munge = _folder.File("munge");
        Daemon("munged", "-F", "--force", $"--socket={munge}/socket", $"--key-file={munge}/key", $"--pid-file={munge}/pid",
            $"--log-file={_folder.File("log/munged")}", $"--seed-file={munge}/seed");
        await Eventually.True(() => File.Exists($"{munge}/socket"), "munge's socket");
        Daemon("slurmctld", "-D");
        StartNode(0);
        StartNode(1);
        await Ready();
    }

    private string Configuration(int[] ports) =>
        $"""
        ClusterName=swan
        SlurmctldHost={Environment.MachineName}(127.0.0.1)
        SlurmctldPort={ports[0]}
        SlurmUser=root
        SlurmdUser=root
        # What is queued again waits as long as credentials last and some seconds; below 5 s they are refused.
        AuthType=auth/munge
        AuthInfo=socket={_folder.File("munge/socket")},cred_expire=6
        StateSaveLocation={_folder.File("state")}
        SlurmctldPidFile={_folder.File("slurmctld.pid")}
        SlurmctldLogFile={_folder.File("log/slurmctld")}
        SlurmdPidFile={_folder.File("%n.pid")}
        SlurmdSpoolDir={_folder.File("spool/%n")}
        SlurmdLogFile={_folder.File("log/%n")}
        ProctrackType=proctrack/linuxproc
        TaskPlugin=task/none
        MpiDefault=none
        SchedulerParameters=sched_min_interval=0,batch_sched_delay=0,bf_interval=1
        SelectType=select/cons_tres
        SelectTypeParameters=CR_CPU
        ReturnToService=2
        AccountingStorageType=accounting_storage/none
        JobAcctGatherType=jobacct_gather/none
        SlurmdTimeout=5
        KillWait=5
        MinJobAge=86400
        MailProg=/bin/true
        NodeName=node0 NodeHostname={Environment.MachineName} NodeAddr=127.0.0.1 Port={ports[1]} CPUs=1 RealMemory=1000
        NodeName=node1 NodeHostname={Environment.MachineName} NodeAddr=127.0.0.1 Port={ports[2]} CPUs=1 RealMemory=1000
        PartitionName=all Nodes=node0,node1 Default=YES MaxTime=INFINITE State=UP

        """;

    private Process Daemon(string program, params string[] arguments)
    {
        // Of a session of its own: what is sent to the tests' group is not meant for it.
        string output = _folder.File($"log/{program}.out");
        Process daemon = Process.Start(With(new ProcessStartInfo(
            "setsid", ["sh", "-c", "exec \"$@\" >> \"$0\" 2>&1", output, Find(program)!, .. arguments])))!;
        _daemons.Add(daemon);
        return daemon;
    }

    private ProcessStartInfo With(ProcessStartInfo start)
    {
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("SLURM_", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(name);
        start.Environment["SLURM_CONF"] = _configuration;
        start.Environment["PATH"] = $"{Programs}:{Environment.GetEnvironmentVariable("PATH")}";
        (start.RedirectStandardOutput, start.RedirectStandardError) = (false, false);
        return start;
    }

    private List<Process> Mine()
    {
        var mine = new List<Process>();
        foreach (string folder in Directory.GetDirectories("/proc").Where(folder => char.IsAsciiDigit(folder[^1])))
        {
            try
            {
                if (!File.ReadAllText($"{folder}/environ").Contains($"SLURM_CONF={_configuration}", StringComparison.Ordinal)) continue;
                mine.Add(Process.GetProcessById(int.Parse(Path.GetFileName(folder), System.Globalization.CultureInfo.InvariantCulture)));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
            {
                // It has ended.
            }
        }
        return mine;
    }

    // Below those that the system gives to outgoing connections.
    private static int[] FreePorts(int count)
    {
        var ports = new List<int>();
        while (ports.Count < count)
        {
            int port = Random.Shared.Next(20_000, 32_000);
            using var listener = new TcpListener(IPAddress.Any, port);
            try
            {
                listener.Start();
                if (!ports.Contains(port)) ports.Add(port);
            }
            catch (SocketException)
            {
                // Somebody else's.
            }
        }
        return [.. ports];
    }

    private static string? Find(string program) => $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin".Split(':')
        .Where(folder => folder.Length > 0).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
