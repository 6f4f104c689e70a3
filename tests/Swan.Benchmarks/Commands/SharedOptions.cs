using System.CommandLine;
using Swan.Cli.Options;

namespace Swan.Benchmarks.Commands;

/// <summary>Options that several commands have.</summary>
internal static class SharedOptions
{
    public static readonly Option<string> Model = new("--model") { Description = "The model file (.swan).", Required = true };
    public static readonly Option<string> Images = new("--images") { Description = "Folder with images.", Required = true };
    public static readonly Option<int> Rows = AtLeastOne(new NumberOption<int>("--rows")
    {
        Description = "Rows to embed: files spread evenly over the folder, repeated if there are fewer.",
        DefaultValueFactory = _ => 400,
    });
    public static readonly Option<string?> Json = new("--json") { Description = "Write the figures to this file, too." };

    public static NumberOption<int> AtLeastOne(NumberOption<int> option)
    {
        option.Fault = value => value < 1 ? "expected at least 1" : null;
        return option;
    }
}
