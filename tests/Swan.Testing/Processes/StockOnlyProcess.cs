using System.Text.Json.Nodes;

namespace Swan.Testing;

/// <summary>Runs Swan.StockOnly: a process with stock ML.NET, in whose folder there is nothing of Swan.</summary>
public static class StockOnlyProcess
{
    public const string Project = "Swan.StockOnly";

    /// <summary>Loads the pipeline there and gives back its report (see Swan.LoadOnly/Program.cs, which it runs).</summary>
    public static JsonNode Run(string pipeline, string column, params string[] values)
    {
        (int code, string output, string errors) = LoadOnlyProcess.Run(Project, [pipeline, column, .. values]);
        Assert.True(code == 0, $"exit code {code}: {errors}");
        return JsonNode.Parse(output)!;
    }

    /// <summary>The error with which it ends.</summary>
    public static string Error(string pipeline, string column, params string[] values)
    {
        // With several threads, which error ends the program depends on which of them stops first.
        var oneThread = new Dictionary<string, string> { ["DOTNET_PROCESSOR_COUNT"] = "1" };
        (int code, string output, string errors) = LoadOnlyProcess.Run(Project, [pipeline, column, .. values], oneThread);
        Assert.True(code != 0, $"there was no error, but {output}");
        return errors;
    }
}
