using Swan.Architecture.Tests.Sources;

namespace Swan.Architecture.Tests;

/// <summary>The table of layers: which folders of the first level may use which.</summary>
internal static class Layers
{
    private const string Root = "(root)";
    private const string EntryPoint = "Program.cs";

    // One row a layer of a project, the lowest first. A folder uses only folders of the rows before its own.
    private static readonly (string Project, string[] Folders)[] s_rows =
    [
        ("Swan.MLNet", [Root, "Numerics"]),
        ("Swan.MLNet", ["Scheduling"]),
        ("Swan.MLNet", ["Datasets", "Imaging", "Metadata", "Onnx", "Text"]),
        ("Swan.MLNet", ["Diagnostics", "ModelFiles"]),
        ("Swan.MLNet", ["Calibration", "DataViews", "Encoders"]),
        ("Swan.MLNet", ["Models", "Evaluation"]),
        ("Swan.MLNet", ["Search", "Generators"]),
        ("Swan.MLNet", ["Transforms"]),
        ("Swan.MLNet", ["Portable"]),
        ("Swan.MLNet", ["Catalog"]),
        ("Swan.MLNet", ["AutoML", "Hosting"]),

        ("Swan.Training", [Root]),
        ("Swan.Training", ["Native", "Onnx"]),
        ("Swan.Training", ["Network"]),
        ("Swan.Training", ["Losses", "Weights", "DataLoading"]),
        ("Swan.Training", ["Training"]),
        ("Swan.Training", ["Export"]),
        ("Swan.Training", ["Estimators", "Evaluation"]),
        ("Swan.Training", ["Reports"]),

        ("Swan.Batch", [Root]),
        ("Swan.Batch", ["Stores"]),
        ("Swan.Batch", ["Archives"]),
        ("Swan.Batch", ["Sources"]),
        ("Swan.Batch", ["Settings"]),
        ("Swan.Batch", ["Output"]),
        ("Swan.Batch", ["Runs"]),
        ("Swan.Batch", ["Reports"]),
        ("Swan.Batch", ["Indexes"]),
        ("Swan.Batch", ["Jobs"]),

        ("Swan.ObjectStores", ["Addresses"]),
        ("Swan.ObjectStores", ["Requests"]),
        ("Swan.ObjectStores", ["Remote"]),
        ("Swan.ObjectStores", ["Azure", "Http", "S3"]),
        ("Swan.ObjectStores", [Root]),

        ("Swan.VectorData", ["Collections", "Records"]),
        ("Swan.VectorData", [Root]),

        ("Swan.Geo", ["Rasters"]),
        ("Swan.Geo", ["Places"]),
        ("Swan.Geo", ["Coordinates"]),
        ("Swan.Geo", ["Scenes"]),
        ("Swan.Geo", ["Search"]),
        ("Swan.Geo", [Root]),

        ("Swan.Cli", ["Outcomes"]),
        ("Swan.Cli", ["Doctor", "Options", "Submission"]),
        ("Swan.Cli", ["Bench", "Display"]),
        ("Swan.Cli", ["Indexing"]),
        ("Swan.Cli", ["Commands"]),
        ("Swan.Cli", [Root]),

        ("samples/AutoMLPipeline", ["Search"]),
        ("samples/AutoMLPipeline", [Root]),
        ("samples/PipelineTour", [Root]),
        ("samples/PipelineTour", ["Examples"]),
        ("samples/SceneSearch.Web", ["Caching", "Observing"]),
        ("samples/SceneSearch.Web", ["Maps"]),
        ("samples/SceneSearch.Web", ["Galleries", "Demo"]),
        ("samples/SceneSearch.Web", ["Endpoints"]),
        ("samples/SceneSearch.Web", [Root]),
        ("samples/SyntheticScenes", ["Drawing"]),
        ("samples/SyntheticScenes", ["Scenes"]),
        ("samples/SyntheticScenes", [Root]),

        ("tests/Swan.Architecture.Tests", ["Sources"]),
        ("tests/Swan.Architecture.Tests", [Root]),
        ("tests/Swan.Batch.Tests", [Root]),
        ("tests/Swan.Batch.Tests", ["Indexes", "Jobs", "Output", "Reports", "Runs", "Sources", "Stores"]),
        ("tests/Swan.Benchmarks", [Root]),
        ("tests/Swan.Benchmarks", ["Contenders", "Limits", "Looks", "Ranges", "Scenes", "Steps", "Tables"]),
        ("tests/Swan.Benchmarks", ["Commands"]),
        ("tests/Swan.Cli.Tests", [Root]),
        ("tests/Swan.Cli.Tests", ["Bench", "Commands", "Display", "Doctor", "Indexing", "Options", "Outcomes", "Slurm", "Submission"]),
        ("tests/Swan.Cli.Tests", ["Guides"]),
        ("tests/Swan.Fuzz", [Root]),
        ("tests/Swan.Fuzz", ["Targets"]),
        ("tests/Swan.Geo.Tests", [Root]),
        ("tests/Swan.Geo.Tests", ["Scenes"]),
        ("tests/Swan.Geo.Tests", ["Rasters"]),
        ("tests/Swan.Geo.Tests", ["Coordinates"]),
        ("tests/Swan.Geo.Tests", ["Places"]),
        ("tests/Swan.Geo.Tests", ["Search"]),
        ("tests/Swan.SceneSearch.Tests", [Root]),
        ("tests/Swan.SceneSearch.Tests", ["Page", "Serving"]),
        ("tests/Swan.ObjectStores.Tests", ["Servers"]),
        ("tests/Swan.ObjectStores.Tests", ["Conformance"]),
        ("tests/Swan.ObjectStores.Tests", [Root]),
        ("tests/Swan.ObjectStores.Tests", ["Archives", "Failures"]),
        ("tests/Swan.VectorData.Tests", [Root]),
        ("tests/Swan.VectorData.Tests", ["Collections", "Records"]),
        ("tests/Swan.Testing", ["Folders", "Golden", "Images", "Observing"]),
        ("tests/Swan.Testing", ["Models", "Processes"]),
        ("tests/Swan.Testing", ["Rows"]),
        ("tests/Swan.Testing", ["Conformance"]),
    ];

    /// <summary>The projects of the table; in others no folder may use another one.</summary>
    public static IEnumerable<string> Projects => s_rows.Select(row => row.Project).Distinct();

    /// <summary>The first-level folder that a file is in, or what stands for it.</summary>
    public static string FolderOf(SourceProject project, string file)
    {
        string path = Path.GetRelativePath(project.Folder, file).Replace('\\', '/');
        int slash = path.IndexOf('/', StringComparison.Ordinal);
        bool linked = path.StartsWith("../", StringComparison.Ordinal); // from another project: as if it lay here
        return path == EntryPoint ? EntryPoint : slash < 0 || linked ? Root : path[..slash];
    }

    /// <summary>The folders that the table names for a project.</summary>
    public static IEnumerable<string> FoldersOf(string project) =>
        s_rows.Where(row => row.Project == project).SelectMany(row => row.Folders);

    /// <summary>Whether one folder may use another one. The entry point may use all, and nothing may use it.</summary>
    public static bool Allow(string project, string user, string used) =>
        user == used || user == EntryPoint || used != EntryPoint && RowOf(project, user) > RowOf(project, used);

    // All folders of a project without rows are on one level.
    private static int RowOf(string project, string folder) =>
        Array.FindIndex(s_rows, row => row.Project == project && row.Folders.Contains(folder));
}
