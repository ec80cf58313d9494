using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ClinicFlow.Batch.Storage.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "audit_log",
                columns: table => new
                {
                    sequence = table.Column<long>(type: "bigint", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    actor = table.Column<string>(type: "text", nullable: false),
                    origin = table.Column<string>(type: "text", nullable: false),
                    action = table.Column<string>(type: "text", nullable: false),
                    subject = table.Column<string>(type: "text", nullable: false),
                    outcome = table.Column<string>(type: "text", nullable: false),
                    detail = table.Column<string>(type: "text", nullable: false),
                    hash = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_audit_log", x => x.sequence);
                });

            migrationBuilder.CreateTable(
                name: "data_keys",
                columns: table => new
                {
                    id = table.Column<string>(type: "text", nullable: false),
                    protected_key = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_data_keys", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "document_templates",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    description = table.Column<string>(type: "text", nullable: false),
                    created_by = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_document_templates", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "document_template_versions",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    template_id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    status = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    content_hash = table.Column<string>(type: "text", nullable: false),
                    file_name = table.Column<string>(type: "text", nullable: false),
                    content = table.Column<byte[]>(type: "bytea", nullable: false),
                    created_by = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    published_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_document_template_versions", x => x.id);
                    table.ForeignKey(
                        name: "fk_document_template_versions_template_id",
                        column: x => x.template_id,
                        principalTable: "document_templates",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "batch_document_jobs",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    description = table.Column<string>(type: "text", nullable: false),
                    template_id = table.Column<Guid>(type: "uuid", nullable: false),
                    template_version_id = table.Column<Guid>(type: "uuid", nullable: false),
                    priority = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    status = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    progress = table.Column<string>(type: "jsonb", nullable: false),
                    settings = table.Column<string>(type: "jsonb", nullable: false),
                    error_code = table.Column<string>(type: "text", nullable: true),
                    error_message = table.Column<string>(type: "text", nullable: true),
                    created_by = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    completed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    is_ready = table.Column<bool>(type: "boolean", nullable: false),
                    idempotency_key = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    total = table.Column<int>(type: "integer", nullable: false),
                    succeeded = table.Column<int>(type: "integer", nullable: false),
                    failed = table.Column<int>(type: "integer", nullable: false),
                    retrying = table.Column<int>(type: "integer", nullable: false),
                    timeout_ms = table.Column<long>(type: "bigint", nullable: false),
                    active_ms = table.Column<long>(type: "bigint", nullable: false),
                    queued_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    epoch = table.Column<long>(type: "bigint", nullable: false),
                    runner = table.Column<string>(type: "text", nullable: true),
                    lease_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    requested = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: true),
                    archive_length = table.Column<long>(type: "bigint", nullable: false),
                    archive_file_length = table.Column<long>(type: "bigint", nullable: false),
                    output_length = table.Column<long>(type: "bigint", nullable: false),
                    output_file_length = table.Column<long>(type: "bigint", nullable: false),
                    purged_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_batch_document_jobs", x => x.id);
                    table.CheckConstraint("ck_jobs_counts", "succeeded >= 0 and failed >= 0 and retrying >= 0 and succeeded + failed + retrying <= total");
                    table.ForeignKey(
                        name: "fk_batch_document_jobs_template_id",
                        column: x => x.template_id,
                        principalTable: "document_templates",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_batch_document_jobs_template_version_id",
                        column: x => x.template_version_id,
                        principalTable: "document_template_versions",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "batch_document_requests",
                columns: table => new
                {
                    job_id = table.Column<Guid>(type: "uuid", nullable: false),
                    request_index = table.Column<int>(type: "integer", nullable: false),
                    request_id = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    document_name = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: false),
                    patient_id = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    template_version_id = table.Column<Guid>(type: "uuid", nullable: true),
                    state = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    failures = table.Column<int>(type: "integer", nullable: false),
                    crashes = table.Column<int>(type: "integer", nullable: false),
                    retry_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    last_attempt_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    error_code = table.Column<string>(type: "text", nullable: true),
                    error_message = table.Column<string>(type: "text", nullable: true),
                    output_files = table.Column<string>(type: "text", nullable: true),
                    bytes = table.Column<long>(type: "bigint", nullable: true),
                    pages = table.Column<int>(type: "integer", nullable: true),
                    elapsed_ms = table.Column<int>(type: "integer", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_batch_document_requests", x => new { x.job_id, x.request_index });
                    table.ForeignKey(
                        name: "fk_batch_document_requests_job_id",
                        column: x => x.job_id,
                        principalTable: "batch_document_jobs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "batch_job_queue",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    job_id = table.Column<Guid>(type: "uuid", nullable: false),
                    created_by = table.Column<string>(type: "text", nullable: false),
                    priority = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    rank = table.Column<int>(type: "integer", nullable: false),
                    turn = table.Column<long>(type: "bigint", nullable: false),
                    queued_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    sequence = table.Column<long>(type: "bigint", nullable: false),
                    estimated_start_time = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_batch_job_queue", x => x.id);
                    table.ForeignKey(
                        name: "fk_batch_job_queue_job_id",
                        column: x => x.job_id,
                        principalTable: "batch_document_jobs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "batch_job_results",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    job_id = table.Column<Guid>(type: "uuid", nullable: false),
                    result_data = table.Column<string>(type: "jsonb", nullable: false),
                    output_files = table.Column<string>(type: "jsonb", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_batch_job_results", x => x.id);
                    table.ForeignKey(
                        name: "fk_batch_job_results_job_id",
                        column: x => x.job_id,
                        principalTable: "batch_document_jobs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "batch_request_data",
                columns: table => new
                {
                    job_id = table.Column<Guid>(type: "uuid", nullable: false),
                    request_index = table.Column<int>(type: "integer", nullable: false),
                    merge_data = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_batch_request_data", x => new { x.job_id, x.request_index });
                    table.ForeignKey(
                        name: "fk_batch_request_data_job_id",
                        column: x => x.job_id,
                        principalTable: "batch_document_jobs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "failed_document_requests",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    job_id = table.Column<Guid>(type: "uuid", nullable: false),
                    request_id = table.Column<string>(type: "text", nullable: false),
                    request_index = table.Column<int>(type: "integer", nullable: false),
                    document_name = table.Column<string>(type: "text", nullable: false),
                    error_code = table.Column<string>(type: "text", nullable: false),
                    error_message = table.Column<string>(type: "text", nullable: false),
                    retry_count = table.Column<int>(type: "integer", nullable: false),
                    last_attempt_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_failed_document_requests", x => x.id);
                    table.ForeignKey(
                        name: "fk_failed_document_requests_job_id",
                        column: x => x.job_id,
                        principalTable: "batch_document_jobs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "notification_outbox",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    job_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    destination = table.Column<string>(type: "text", nullable: false),
                    payload = table.Column<string>(type: "jsonb", nullable: false),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    due_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    sent_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    given_up_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    last_error = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_notification_outbox", x => x.id);
                    table.ForeignKey(
                        name: "fk_notification_outbox_job_id",
                        column: x => x.job_id,
                        principalTable: "batch_document_jobs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_audit_actor",
                table: "audit_log",
                columns: new[] { "actor", "sequence" });

            migrationBuilder.CreateIndex(
                name: "ix_audit_subject",
                table: "audit_log",
                columns: new[] { "subject", "sequence" });

            migrationBuilder.CreateIndex(
                name: "IX_batch_document_jobs_template_id",
                table: "batch_document_jobs",
                column: "template_id");

            migrationBuilder.CreateIndex(
                name: "IX_batch_document_jobs_template_version_id",
                table: "batch_document_jobs",
                column: "template_version_id");

            migrationBuilder.CreateIndex(
                name: "ix_jobs_created",
                table: "batch_document_jobs",
                columns: new[] { "created_at", "id" },
                descending: new bool[0]);

            migrationBuilder.CreateIndex(
                name: "ix_jobs_ended",
                table: "batch_document_jobs",
                column: "completed_at",
                filter: "purged_at is null and completed_at is not null");

            migrationBuilder.CreateIndex(
                name: "ix_jobs_idempotency",
                table: "batch_document_jobs",
                columns: new[] { "created_by", "idempotency_key" },
                unique: true,
                filter: "idempotency_key is not null");

            migrationBuilder.CreateIndex(
                name: "ix_jobs_owner",
                table: "batch_document_jobs",
                columns: new[] { "created_by", "created_at", "id" },
                descending: new[] { false, true, true });

            migrationBuilder.CreateIndex(
                name: "ix_jobs_paused",
                table: "batch_document_jobs",
                column: "status",
                filter: "status = 'paused'");

            migrationBuilder.CreateIndex(
                name: "ix_jobs_running",
                table: "batch_document_jobs",
                column: "lease_until",
                filter: "status = 'processing'");

            migrationBuilder.CreateIndex(
                name: "ix_jobs_unfinished_intake",
                table: "batch_document_jobs",
                column: "updated_at",
                filter: "not is_ready");

            migrationBuilder.CreateIndex(
                name: "ix_requests_id",
                table: "batch_document_requests",
                columns: new[] { "job_id", "request_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_requests_state",
                table: "batch_document_requests",
                columns: new[] { "job_id", "state" },
                filter: "state in ('retrying', 'failed', 'rendering')");

            migrationBuilder.CreateIndex(
                name: "ix_queue_job",
                table: "batch_job_queue",
                column: "job_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_queue_order",
                table: "batch_job_queue",
                columns: new[] { "rank", "turn", "queued_at", "sequence" },
                descending: new[] { true, false, false, false });

            migrationBuilder.CreateIndex(
                name: "ix_queue_owner",
                table: "batch_job_queue",
                columns: new[] { "created_by", "rank", "turn" });

            migrationBuilder.CreateIndex(
                name: "ix_queue_sequence",
                table: "batch_job_queue",
                column: "sequence",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_results_job",
                table: "batch_job_results",
                column: "job_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_versions_content",
                table: "document_template_versions",
                columns: new[] { "template_id", "content_hash" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_versions_number",
                table: "document_template_versions",
                columns: new[] { "template_id", "version" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_templates_name",
                table: "document_templates",
                column: "name");

            migrationBuilder.CreateIndex(
                name: "ix_failed_job",
                table: "failed_document_requests",
                columns: new[] { "job_id", "request_index" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_notification_outbox_job_id",
                table: "notification_outbox",
                column: "job_id");

            migrationBuilder.CreateIndex(
                name: "ix_outbox_due",
                table: "notification_outbox",
                column: "due_at",
                filter: "sent_at is null and given_up_at is null");

            migrationBuilder.Sql(ClinicFlow.Batch.Storage.Postgres.RowLevelSecurity.Create);
            migrationBuilder.Sql(ClinicFlow.Batch.Storage.Postgres.RequestOutcomesFunction.Create);
            migrationBuilder.Sql(ClinicFlow.Batch.Storage.Postgres.RequestOutcomesFunction.KeepDataInRows);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "audit_log");

            migrationBuilder.DropTable(
                name: "batch_document_requests");

            migrationBuilder.DropTable(
                name: "batch_job_queue");

            migrationBuilder.DropTable(
                name: "batch_job_results");

            migrationBuilder.DropTable(
                name: "batch_request_data");

            migrationBuilder.DropTable(
                name: "data_keys");

            migrationBuilder.DropTable(
                name: "failed_document_requests");

            migrationBuilder.DropTable(
                name: "notification_outbox");

            migrationBuilder.DropTable(
                name: "batch_document_jobs");

            migrationBuilder.DropTable(
                name: "document_template_versions");

            migrationBuilder.DropTable(
                name: "document_templates");
        }
    }
}
