using System.CommandLine;

namespace Swan.Cli.Options;

/// <summary>Options that several commands of <c>swan index</c> have.</summary>
internal static class IndexOptions
{
    public static Argument<string> Index() => new("index") { Description = "Folder of the index, as 'swan index build' made it." };

    public static Option<string?> Where() => new("--where")
    {
        Description = "Filter by the index's columns, such as \"file_date >= 2025-01-01 and folder starts with 'north'\".",
        HelpName = "filter",
    };

    public static Option<float?> MinScore(string description) =>
        new OptionalNumberOption<float>("--min-score") { Description = description, HelpName = "n" };
}
