using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.OnnxRuntime;
using Swan.Cli.Bench;
using Swan.Cli.Doctor;
using Swan.MLNet;
using Swan.MLNet.Models;

namespace Swan.Benchmarks;

/// <summary>What every command prints and writes: a table for people, the same figures as JSON.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Prints a table; the first column is aligned to the left, figures to the right.</summary>
    public static void Table(string[] header, IEnumerable<string[]> rows)
    {
        string[][] all = [header, .. rows];
        int[] widths = [.. header.Select((_, column) => all.Max(row => row[column].Length))];
        foreach (string[] row in all)
        {
            IEnumerable<string> cells = row.Select((cell, column) =>
                column == 0 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]));
            Console.WriteLine($"  {string.Join("  ", cells)}".TrimEnd());
        }
    }

    /// <summary>Writes the figures with what they were measured on; nothing where no file is asked for.</summary>
    public static void Write(string? path, string command, object figures)
    {
        if (path is null) return;
        AtomicFile.WriteText(path, JsonSerializer.Serialize(new { command, machine = Machine(), figures }, Format) + "\n");
        Console.WriteLine($"Written to '{path}'.");
    }

    public static string Megabytes(long bytes) => $"{bytes / 1048576.0:F0} MB";

    public static double Median(IEnumerable<double> values) => Figure.Median(values);

    private static object Machine() => new
    {
        processor = MachineLimits.ProcessorName,
        processors = Environment.ProcessorCount,
        system = RuntimeInformation.OSDescription,
        architecture = RuntimeInformation.ProcessArchitecture.ToString(),
        runtime = RuntimeInformation.FrameworkDescription,
        onnxRuntime = OrtEnv.Instance().GetVersionString(),
        swan = typeof(SwanModel).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion,
    };
}
