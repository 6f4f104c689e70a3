using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Swan.MLNet.Tests.Catalog;

public sealed class SaveRowsTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Saved_rows_are_read_back_by_ML_NET()
    {
        string path = _folder.File("new/embedded.idv");
        _ml.Swan().SaveRows(_ml.Data.LoadFromEnumerable([new Row { Value = 1.5f }, new Row { Value = float.NaN }]), path);
        Assert.Equal([1.5f, float.NaN], _ml.Data.LoadFromBinary(path).GetColumn<float>(nameof(Row.Value)));
    }

    [Fact]
    public void Rows_that_fail_half_way_leave_the_old_file_as_it_was()
    {
        string path = _folder.File("embedded.idv");
        File.WriteAllText(path, "old");
        CustomMappingEstimator<Row, Row> failing = _ml.Transforms.CustomMapping<Row, Row>(
            (row, _) => throw new InvalidDataException($"no row {row.Value}"), contractName: null);
        IDataView rows = _ml.Data.LoadFromEnumerable([new Row { Value = 1 }]);
        Assert.ThrowsAny<Exception>(() => _ml.Swan().SaveRows(failing.Fit(rows).Transform(rows), path));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder.FullName));
    }

    private sealed class Row
    {
        public float Value { get; set; }
    }
}
