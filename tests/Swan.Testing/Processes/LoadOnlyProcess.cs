using System.Text.Json;
using System.Text.Json.Nodes;

namespace Swan.Testing;

/// <summary>Runs Swan.LoadOnly: a process that knows ML.NET, registers nothing and names nothing of Swan.</summary>
public static class LoadOnlyProcess
{
    /// <summary>Loads the pipeline there and gives back its report (see Swan.LoadOnly/Program.cs).</summary>
    /// <param name="pipeline">A file that <c>mlContext.Model.Save</c> wrote.</param>
    /// <param name="column">The text column that the pipeline starts from.</param>
    /// <param name="values">Its rows.</param>
    public static JsonNode Run(string pipeline, string column, params string[] values) =>
        Run(new Dictionary<string, string>(), pipeline, column, values);

    /// <summary>The same with environment variables.</summary>
    public static JsonNode Run(IReadOnlyDictionary<string, string> environment, string pipeline, string column, params string[] values) =>
        JsonNode.Parse(Start(environment, "dotnet", [Program, pipeline, column, .. values]))!;

    /// <summary>Where it was built.</summary>
    public static string Program { get; } = Path.Combine(Folder("Swan.LoadOnly"), "Swan.LoadOnly.dll");

    /// <summary>Runs a program and gives back what it printed.</summary>
    public static string Start(IReadOnlyDictionary<string, string> environment, string program, params string[] arguments)
    {
        (int code, string output, string errors) = ChildProcess.Finish(
            program, arguments, [.. environment.Select(v => (v.Key, v.Value))]);
        Assert.True(code == 0, $"exit code {code}: {errors}");
        return output;
    }

    /// <summary>Runs one of the programs that are built beside the tests.</summary>
    internal static (int Code, string Output, string Errors) Run(
        string project, string[] arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        string program = Path.Combine(Folder(project), $"{project}.dll");
        Assert.True(File.Exists(program), $"'{program}' is not built; build the whole solution first.");
        return ChildProcess.Finish("dotnet", [program, .. arguments], [.. environment?.Select(v => (v.Key, v.Value)) ?? []]);
    }

    internal static string Folder(string project) => Repository.Output(Path.Combine("tests", project));

    /// <summary>One row's vector of numbers; a missing one is NaN.</summary>
    public static float[] Vector(JsonNode report, int row, string column) =>
        [.. report["Rows"]![row]![column]!.AsArray()
            .Select(v => v!.GetValueKind() == JsonValueKind.String ? float.NaN : v.GetValue<float>())];
}
