using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.DataViews;

namespace Swan.MLNet.Tests.DataViews;

/// <summary>Adds a column with twice the number, and writes down what it is asked to do.</summary>
internal sealed class DoublingMap(DataViewSchema schema, int batchSize, bool prepares, Predicate<float>? drops = null)
    : BatchedRowMapper(schema, [schema["Number"]], [new DataViewSchema.DetachedColumn("Double", NumberDataViewType.Single)], batchSize)
{
    public List<string> Diary { get; } = [];

    /// <summary>The most batches that were in memory at once.</summary>
    public int MaxBatches { get; private set; }

    private int Batches
    {
        get;
        set => MaxBatches = Math.Max(MaxBatches, field = value);
    }

    public override bool DropsRows => drops is not null;

    public override RowPass Begin(DataViewRow row) => new Pass(this, row, prepares);

    private bool Drops(float number) => drops!(number);

    private sealed class Pass(DoublingMap map, DataViewRow row, bool prepares) : RowPass
    {
        public override bool PreparesAhead => prepares;

        public override RowBatch CreateBatch(int capacity) => new Doubles(map, row, capacity);
    }

    private sealed class Doubles : RowBatch
    {
        private readonly DoublingMap _map;
        private readonly ValueGetter<float> _number;
        private readonly float[] _taken;
        private readonly float[] _doubles;
        private int _count;

        public Doubles(DoublingMap map, DataViewRow row, int capacity)
        {
            _map = map;
            _number = row.GetGetter<float>(row.Schema["Number"]);
            _taken = new float[capacity];
            _doubles = new float[capacity];
            map.Batches++;
        }

        public override void Clear() => _count = 0;

        public override void Add() => _number(ref _taken[_count++]);

        public override void Prepare() => _map.Diary.Add($"prepare {Rows}");

        public override void Compute()
        {
            for (int i = 0; i < _count; i++) _doubles[i] = 2 * _taken[i];
            _map.Diary.Add($"compute {Rows}");
        }

        public override bool Drops(int slot) => _map.Drops(_taken[slot]);

        public override void Reached(int slot) => _map.Diary.Add($"read {_taken[slot]}");

        public override Delegate Getter(int column, Func<int> slot) => (ValueGetter<float>)((ref float value) => value = _doubles[slot()]);

        public override void Dispose() => _map.Batches--;

        private string Rows => $"{_taken[0]}-{_taken[_count - 1]}";
    }
}
