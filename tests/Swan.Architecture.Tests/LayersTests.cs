using Swan.Architecture.Tests.Sources;

namespace Swan.Architecture.Tests;

public sealed class LayersTests
{
    public static TheoryData<string> AllProjects => [.. SourceProject.All.Values.Select(project => project.Name)];

    [Theory]
    [MemberData(nameof(AllProjects))]
    public void Folders_use_only_folders_of_lower_layers(string name)
    {
        SourceProject project = Find(name);
        string[] upward = [.. ReferenceFinder.Find(project)
            .Select(reference => (
                Reference: reference, User: Layers.FolderOf(project, reference.FromFile), Used: Layers.FolderOf(project, reference.ToFile)))
            .Where(found => !Layers.Allow(name, found.User, found.Used))
            .DistinctBy(found => (found.Reference.From, found.Reference.FromFile, found.Reference.To))
            .Select(found => $"{found.User} → {found.Used}: {found.Reference}")];

        Assert.True(upward.Length == 0,
            $"In '{name}' these references do not point to a lower layer. Move what both sides need down, or the user up. "
            + $"The layers are in tests/Swan.Architecture.Tests/Layers.cs.\n{string.Join('\n', upward)}");
    }

    [Fact]
    public void The_table_names_every_folder_of_its_projects_and_no_other()
    {
        IEnumerable<string> wrong =
            from name in Layers.Projects
            let project = Find(name)
            let found = project.SourceFiles.Select(file => Layers.FolderOf(project, file))
                .Where(folder => folder != "Program.cs")
                .ToHashSet()
            let named = Layers.FoldersOf(name).ToArray()
            from folder in found.Except(named).Select(folder => $"{name}/{folder} has no row.")
                .Concat(named.Except(found).Select(folder => $"{name}/{folder} has a row but no source file."))
            select folder;

        Findings.AssertNone(wrong);
    }

    private static SourceProject Find(string name) => SourceProject.All.Values.Single(project => project.Name == name);
}
