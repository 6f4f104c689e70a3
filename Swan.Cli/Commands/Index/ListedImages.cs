using System.Text.Json.Nodes;
using Swan.Cli.Indexing;

namespace Swan.Cli.Commands;

/// <summary>The images of a folder on their way into an index.</summary>
/// <param name="Files">In order of their paths.</param>
/// <param name="Json">What in the folder is left out, under the names of <c>swan search</c>.</param>
internal sealed record ListedImages(IReadOnlyList<ImageFile> Files, JsonObject Json)
{
    /// <summary>Lists a folder as <c>swan search</c> does, with the same warnings.</summary>
    /// <exception cref="FileNotFoundException">There are no images in it.</exception>
    /// <exception cref="Outcomes.CommandException">A key can't be one.</exception>
    public static ListedImages List(string folder, string prefix)
    {
        SearchedFolder listed = SearchedFolder.List(folder);
        foreach (string warning in listed.Warnings) Console.Error.WriteLine($"swan: {warning}");
        return new ListedImages(
            [.. listed.Images.Select(path => ImageFile.Read(folder, path, prefix))],
            new JsonObject { ["unreadableFolders"] = listed.Unreadable.Length, ["otherFiles"] = listed.Others });
    }
}
