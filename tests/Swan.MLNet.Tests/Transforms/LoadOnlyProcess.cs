using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Swan.MLNet.Tests.Transforms;

/// <summary>Runs Swan.LoadOnly: a process that knows ML.NET, registers nothing and names nothing of Swan.</summary>
public static class LoadOnlyProcess
{
    /// <summary>Loads the pipeline there and gives back its report (see Swan.LoadOnly/Program.cs).</summary>
    /// <param name="pipeline">A file that <c>mlContext.Model.Save</c> wrote.</param>
    /// <param name="column">The text column that the pipeline starts from.</param>
    /// <param name="values">Its rows.</param>
    public static JsonNode Run(string pipeline, string column, params string[] values)
    {
        (int code, string output, string errors) = Run("Swan.LoadOnly", [pipeline, column, .. values]);
        Assert.True(code == 0, $"exit code {code}: {errors}");
        return JsonNode.Parse(output)!;
    }

    /// <summary>Runs one of the programs that are built beside the tests.</summary>
    internal static (int Code, string Output, string Errors) Run(string project, string[] arguments)
    {
        string program = Path.Combine(Folder(project), $"{project}.dll");
        Assert.True(File.Exists(program), $"'{program}' is not built; build the whole solution first.");
        var start = new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }

    // All projects build beside each other, into folders of the same shape.
    internal static string Folder(string project) => AppContext.BaseDirectory.Replace("Swan.MLNet.Tests", project, StringComparison.Ordinal);

    /// <summary>One row's vector of numbers; a missing one is NaN.</summary>
    public static float[] Vector(JsonNode report, int row, string column) =>
        [.. report["Rows"]![row]![column]!.AsArray().Select(v => v!.GetValueKind() == JsonValueKind.String ? float.NaN : v.GetValue<float>())];
}
