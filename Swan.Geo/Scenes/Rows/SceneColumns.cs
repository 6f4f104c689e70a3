using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Swan.Geo.Scenes;

/// <summary>The columns of a <see cref="SceneView"/>, and how each is read from a row.</summary>
internal static class SceneColumns
{
    public const string Window = nameof(Window);

    private const int Coordinates = 2, Corners = 8;

    private static readonly (string Name, DataViewType Type, Func<Func<SceneRow>, Delegate> Getter)[] s_columns =
    [
        (Window, new ImageDataViewType(), row => Image(row)),
        ("Key", TextDataViewType.Instance, row => Text(() => row().Key)),
        ("Scene", TextDataViewType.Instance, row => Text(() => row().Scene)),
        ("Column", NumberDataViewType.Int32, row => Number(() => row().Window.Column)),
        ("Row", NumberDataViewType.Int32, row => Number(() => row().Window.Row)),
        ("Width", NumberDataViewType.Int32, row => Number(() => row().Window.Width)),
        ("Height", NumberDataViewType.Int32, row => Number(() => row().Window.Height)),
        ("MetersPerPixel", NumberDataViewType.Double, row => Number(() => row().MetersPerPixel)),
        ("Center", new VectorDataViewType(NumberDataViewType.Double, Coordinates), row => Vector(() => row().Center())),
        ("Corners", new VectorDataViewType(NumberDataViewType.Double, Corners), row => Vector(() => row().Corners())),
        ("Date", TextDataViewType.Instance, row => Text(() => row().DateText)),
    ];

    public static DataViewSchema Schema { get; } = Make();

    /// <summary>A getter of a column.</summary>
    /// <param name="index">Of <see cref="Schema"/>.</param>
    /// <param name="row">The row that is read; throws where there is none.</param>
    public static Delegate Getter(int index, Func<SceneRow> row) => s_columns[index].Getter(row);

    private static DataViewSchema Make()
    {
        var builder = new DataViewSchema.Builder();
        foreach ((string name, DataViewType type, _) in s_columns) builder.AddColumn(name, type);
        return builder.ToSchema();
    }

    // ML.NET's own loader disposes what the destination holds, too.
    private static ValueGetter<MLImage> Image(Func<SceneRow> row) => (ref MLImage value) =>
    {
        value?.Dispose();
        value = row().Image();
    };

    private static ValueGetter<ReadOnlyMemory<char>> Text(Func<string> value) =>
        (ref ReadOnlyMemory<char> to) => to = value().AsMemory();

    private static ValueGetter<T> Number<T>(Func<T> value) => (ref T to) => to = value();

    private static ValueGetter<VBuffer<double>> Vector(Func<double[]> value) => (ref VBuffer<double> to) =>
    {
        double[] values = value();
        VBufferEditor<double> editor = VBufferEditor.Create(ref to, values.Length);
        values.CopyTo(editor.Values);
        to = editor.Commit();
    };
}
