using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

// Loads a saved pipeline in a process that knows ML.NET only: it names no type of Swan.MLNet, so that loading proves that a pipeline finds
// its transformers by itself. Prints one JSON object: whether Swan.MLNet was loaded before, the values of every row, the log,
// and what native libraries read in the variable that turns ONNX Runtime's telemetry off.
// Or reads a binary data view, writes what the pipeline makes of it, and prints only whether Swan.MLNet was absent before.
// Or reads the rows once, then again when the process can open no more files, and prints what came of that (Unix, with a low ulimit -n).
if (args.Length < 2)
{
    Console.Error.WriteLine(
        "usage: Swan.LoadOnly PIPELINE.zip TEXTCOLUMN [VALUE ...]\n       Swan.LoadOnly PIPELINE.zip --binary IN.idv OUT.idv"
        + "\n       Swan.LoadOnly PIPELINE.zip --no-more-files TEXTCOLUMN [VALUE ...]");
    return 2;
}

bool loadedBefore = AppDomain.CurrentDomain.GetAssemblies().Any(a => a.GetName().Name == "Swan.MLNet");
var ml = new MLContext();
var log = new List<string>();
ml.Log += (_, line) =>
{
    if (line.Kind is ChannelMessageKind.Info or ChannelMessageKind.Warning) log.Add(line.RawMessage);
};
ITransformer pipeline = ml.Model.Load(args[0], out DataViewSchema inputSchema);

if (args[1] == "--binary")
{
    using FileStream output = File.Create(args[3]);
    ml.Data.SaveAsBinary(pipeline.Transform(ml.Data.LoadFromBinary(args[2])), output);
    Console.WriteLine(!loadedBefore);
    return 0;
}

bool noMoreFiles = args[1] == "--no-more-files";
int column = noMoreFiles ? 2 : 1;
SchemaDefinition definition = SchemaDefinition.Create(typeof(TextRow));
definition[nameof(TextRow.Text)].ColumnName = args[column];
IDataView rows = ml.Data.LoadFromEnumerable(args.Skip(column + 1).Select(text => new TextRow { Text = text }), definition);

if (noMoreFiles)
{
    int before = RowReader.Read(pipeline.Transform(rows)).Count;
    var files = new List<IDisposable>();
    string came;
    try
    {
        OpenAll(files);
        came = $"{RowReader.Read(pipeline.Transform(rows)).Count} rows";
    }
    catch (Exception e)
    {
        came = $"{e.GetType().Name}: {e.Message}";
    }
    files.ForEach(file => file.Dispose());
    Console.WriteLine($"{before} rows, then {came}");
    return 0;
}

var report = new
{
    LoadedBefore = loadedBefore,
    InputSchema = inputSchema.Select(c => $"{c.Name}: {c.Type}").ToArray(),
    Rows = RowReader.Read(pipeline.Transform(rows)),
    Log = log,
    Telemetry = NativeEnvironment.Read("ORT_DISABLE_TELEMETRY"),
};
// Missing values are NaN, which JSON writes as a text.
Console.WriteLine(JsonSerializer.Serialize(
    report, new JsonSerializerOptions { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals }));
return 0;

static void OpenAll(List<IDisposable> files)
{
    try
    {
        while (true) files.Add(File.OpenHandle("/dev/null"));
    }
    catch (IOException)
    {
        // There are no more.
    }
}

internal static partial class NativeEnvironment
{
    /// <summary>What native code sees: on Unix, .NET keeps a copy of its own.</summary>
    public static string? Read(string variable) => OperatingSystem.IsWindows()
        ? Environment.GetEnvironmentVariable(variable)
        : Marshal.PtrToStringUTF8(GetEnvironmentVariable(variable));

    [DllImport("libc", EntryPoint = "getenv", CharSet = CharSet.Ansi)]
    private static extern nint GetEnvironmentVariable([MarshalAs(UnmanagedType.LPUTF8Str)] string name);
}

internal sealed class TextRow
{
    public string Text { get; set; } = "";
}

internal static class RowReader
{
    public static List<Dictionary<string, object?>> Read(IDataView view)
    {
        var rows = new List<Dictionary<string, object?>>();
        DataViewSchema.Column[] columns = [.. view.Schema.Where(c => !c.IsHidden)];
        using DataViewRowCursor cursor = view.GetRowCursor(columns);
        var readers = columns.Select(c => (c.Name, Read: Reader(cursor, c))).ToArray();
        while (cursor.MoveNext()) rows.Add(readers.ToDictionary(r => r.Name, r => r.Read()));
        return rows;
    }

    private static Func<object?> Reader(DataViewRowCursor cursor, DataViewSchema.Column column) => column.Type switch
    {
        TextDataViewType => Scalar<ReadOnlyMemory<char>>(cursor, column, text => text.ToString()),
        NumberDataViewType type when type == NumberDataViewType.Single => Scalar<float>(cursor, column, number => number),
        VectorDataViewType { ItemType: TextDataViewType } => Vector<ReadOnlyMemory<char>>(cursor, column, text => text.ToString()),
        VectorDataViewType { ItemType: KeyDataViewType } => Keys(cursor, column),
        VectorDataViewType vector when vector.ItemType == NumberDataViewType.Single => Vector<float>(cursor, column, number => number),
        _ => () => column.Type.ToString(),
    };

    private static Func<object?> Scalar<T>(DataViewRowCursor cursor, DataViewSchema.Column column, Func<T, object?> show)
    {
        ValueGetter<T> getter = cursor.GetGetter<T>(column);
        return () =>
        {
            T value = default!;
            getter(ref value);
            return show(value);
        };
    }

    private static Func<object?> Vector<T>(DataViewRowCursor cursor, DataViewSchema.Column column, Func<T, object?> show)
    {
        ValueGetter<VBuffer<T>> getter = cursor.GetGetter<VBuffer<T>>(column);
        return () =>
        {
            VBuffer<T> value = default;
            getter(ref value);
            return value.DenseValues().Select(show).ToArray();
        };
    }

    private static Func<object?> Keys(DataViewRowCursor cursor, DataViewSchema.Column column)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetKeyValues(ref names);
        // Keys count from 1; 0 is a missing one.
        return Vector<uint>(cursor, column, key => key == 0 ? null : names.GetItemOrDefault((int)key - 1).ToString());
    }
}
