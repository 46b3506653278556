DROP TABLE activity_members, activities;
