using Microsoft.ML;
using Swan.MLNet.DataViews;

namespace Swan.Geo.Scenes;

/// <summary>The windows of scenes as rows of a data view, read when they are asked for.</summary>
/// <remarks>Each cursor reads the scenes anew. Safe for concurrent use where <paramref name="rows"/> is; cursors are not.</remarks>
/// <param name="rows">Begins a pass; given whether pictures are wanted.</param>
internal sealed class SceneView(Func<bool, IEnumerable<SceneRow>> rows) : IDataView
{
    public DataViewSchema Schema => SceneColumns.Schema;

    public bool CanShuffle => false;

    // Which windows have data is known once they are read.
    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        bool[] active = ActiveColumns.Of(Schema, columnsNeeded);
        return new SceneCursor(rows(active[Schema[SceneColumns.Window].Index]), active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];
}
