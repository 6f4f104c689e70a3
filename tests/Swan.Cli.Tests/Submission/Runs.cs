using Swan.Cli.Submission;

namespace Swan.Cli.Tests.Submission;

/// <summary>Runs to write down.</summary>
internal static class Runs
{
    public const string Id = "000012-3f2a9c0d1e4b";

    /// <summary>Paths that are text to whatever reads them: what a shell, YAML and Kubernetes would do something with.</summary>
    public static TheoryData<string> Paths { get; } =
    [
        "/out", "/tiles of May", "/it's", "/a \"quoted\" name", "/$HOME/$(touch x)/`touch x`", "/$$(HOME)/$$",
        "/two\nlines\n#SBATCH --array=0", "/back\\slash\\n", "/a; exit 3 #", "/*", "/~/%d/{a,b}",
        "/tab\tand\u2028line and\u0085next", "/\r\n/\r", "/überall/木/😀", "/' + \"", "/: - [x]",
    ];

    public static PlannedRun Run(int shards = 3, string output = "/out", params string[] options) => new(12, Id, shards, output, options);
}
